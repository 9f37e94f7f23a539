"""A renamed column looks like one dropped and one added: ask, and never lose its rows by a guess."""

from __future__ import annotations

from typing import Any, Iterator, NamedTuple

from alembic.operations import ops

from .alembic_render import RenameColumnOp
from .failures import RequestError
from .suggest import did_you_mean


class Pair(NamedTuple):
    """Columns of one table that may be the same one under two names."""

    table: str
    old: str
    new: str


def table_name(operation: Any) -> str:
    return "{}.{}".format(operation.schema, operation.table_name) if operation.schema else str(operation.table_name)


def groups(container: Any) -> Iterator[Any]:
    """The ModifyTableOps, one for each table."""
    return (item for item in container.ops if isinstance(item, ops.ModifyTableOps))


def rename_pairs(container: Any, dialect: Any) -> list[Pair]:
    """Every dropped column with every added one of the same type in the same table."""
    found = []
    for group in groups(container):
        added = [item.column for item in group.ops if isinstance(item, ops.AddColumnOp)]
        dropped = [item.to_column() for item in group.ops if isinstance(item, ops.DropColumnOp)]
        for old in dropped:
            for new in added:
                if type_sql(old, dialect) == type_sql(new, dialect):
                    found.append(Pair(table_name(group), old.name, new.name))
    return found


def type_sql(column: Any, dialect: Any) -> str:
    """ "VARCHAR" of any length is one type here: a length often changes together with a name."""
    return str(column.type.compile(dialect=dialect)).partition("(")[0]


def dropped_tables(container: Any) -> list[str]:
    return [table_name(item) for item in container.ops if isinstance(item, ops.DropTableOp)]


def questions(container: Any, dialect: Any, renames: dict[str, str], drop: list[str]) -> list[dict[str, Any]]:
    """What must be answered before anything is dropped."""
    asked = []
    by_column: dict[str, list[Pair]] = {}
    for pair in rename_pairs(container, dialect):
        by_column.setdefault("{}.{}".format(pair.table, pair.old), []).append(pair)
    check_answers(container, renames, drop)
    for column, pairs in by_column.items():
        if column in renames or column in drop:
            continue
        names = " or ".join(pair.new for pair in pairs)
        answer = 'renames={{"{}": "{}"}} keeps its values, drop=["{}"] loses them'.format(column, pairs[0].new, column)
        text = "was {} renamed to {}, or is it dropped and the other added? Answer: {}".format(column, names, answer)
        asked.append({"about": column, "candidates": [pair.new for pair in pairs], "question": text})
    for table in dropped_tables(container):
        if table not in drop:
            text = (
                'no model has the table {0} any more: is it to be dropped with its rows? Answer: drop=["{0}"]; '
                "or import its model in env.py"
            )
            asked.append({"about": table, "candidates": [], "question": text.format(table)})
    return asked


def check_answers(container: Any, renames: dict[str, str], drop: list[str]) -> None:
    """RequestError for an answer about something that is neither dropped nor added."""
    gone = set(dropped_tables(container))
    added: dict[str, set[str]] = {}
    for group in groups(container):
        for item in group.ops:
            if isinstance(item, ops.DropColumnOp):
                gone.add("{}.{}".format(table_name(group), item.column_name))
            elif isinstance(item, ops.AddColumnOp):
                added.setdefault(table_name(group), set()).add(item.column.name)
    for name in [*renames, *drop]:
        if name not in gone:
            raise RequestError("{} is not dropped by this migration: {}".format(name, did_you_mean(name, gone)))
    for name, new in renames.items():
        new_names = added.get(name.rpartition(".")[0], set())
        if new not in new_names:
            message = "{} cannot be renamed to {!r}, which is not a new column of its table: {}"
            raise RequestError(message.format(name, new, did_you_mean(new, new_names)))


def apply_renames(container: Any, renames: dict[str, str]) -> None:
    """Put a rename in the place of each drop and add that the answers say are one."""
    changed = []
    for group in container.ops:
        if isinstance(group, ops.ModifyTableOps):
            found = [rename_in(group, old, new) for old, new in of_table(renames, table_name(group))]
            if found:
                # A block of its own: in a batch, an index could not find the new name yet.
                changed.append(ops.ModifyTableOps(group.table_name, found, schema=group.schema))
        if not isinstance(group, ops.ModifyTableOps) or group.ops:
            changed.append(group)
    container.ops[:] = changed


def of_table(renames: dict[str, str], table: str) -> list[tuple[str, str]]:
    parts = [(name.rpartition("."), new) for name, new in renames.items()]
    return [(old, new) for (owner, _, old), new in parts if owner == table]


def rename_in(group: Any, old: str, new: str) -> Any:
    """Take both operations out of the group and return the rename."""
    is_old = [item for item in group.ops if isinstance(item, ops.DropColumnOp) and item.column_name == old]
    is_new = [item for item in group.ops if isinstance(item, ops.AddColumnOp) and item.column.name == new]
    before, after = is_old[0].to_column(), is_new[0].column
    for item in (is_old[0], is_new[0]):
        group.ops.remove(item)
    renamed = RenameColumnOp(
        group.table_name,
        old,
        schema=group.schema,
        modify_name=new,
        existing_type=before.type,
        existing_nullable=before.nullable,
    )
    change: dict[str, Any] = {}
    if before.nullable != after.nullable:
        change["modify_nullable"] = after.nullable
    if getattr(before.type, "length", None) != getattr(after.type, "length", None):
        change["modify_type"] = after.type
    if change:
        known: dict[str, Any] = {"existing_type": before.type, "existing_nullable": before.nullable}
        group.ops.insert(0, ops.AlterColumnOp(group.table_name, new, schema=group.schema, **known, **change))
    return renamed
