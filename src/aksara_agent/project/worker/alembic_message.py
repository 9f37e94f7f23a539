"""What a migration is called: "add post slug"."""

from __future__ import annotations

import re
from typing import Any

from alembic.operations import ops

from .alembic_operations import column_of, flat
from .alembic_renames import table_name

MOST_PARTS = 2


def message_for(container: Any, classes: dict[str, str], enums: list[str]) -> str:
    """From the operations and changed enum types; `classes` gives the model's name for a table."""
    items = flat(container)
    by_table: dict[str, list[Any]] = {}
    for item in items:
        if getattr(item, "table_name", None):
            by_table.setdefault(table_name(item), []).append(item)
    parts = [phrase(words(classes.get(table, table)), found) for table, found in by_table.items()]
    everywhere = set.intersection(*(set(columns_added(found)) for found in by_table.values())) if by_table else set()
    if len(parts) > MOST_PARTS and everywhere:
        return "add {} to {} tables".format(" and ".join(sorted(everywhere)), len(parts))
    parts += ["change {} values".format(words(name.rpartition(".")[2])) for name in enums]
    if len(parts) > MOST_PARTS:
        return "change {} tables".format(len(parts))
    return " and ".join(parts)


def phrase(model: str, items: list[Any]) -> str:
    """The most telling change of one table; what comes with it (an index on a new column) is not named."""
    kind: Any
    for kind, verb in ((ops.CreateTableOp, "create"), (ops.DropTableOp, "drop")):
        if any(isinstance(item, kind) for item in items):
            return "{} {}".format(verb, model)
    renamed = [item for item in items if isinstance(item, ops.AlterColumnOp) and item.modify_name]
    if renamed:
        return "rename {} {} to {}".format(model, renamed[0].column_name, renamed[0].modify_name)
    if columns_added(items):
        return "add {} {}".format(model, " and ".join(columns_added(items)[:2]))
    for kind, verb in ((ops.DropColumnOp, "drop"), (ops.AlterColumnOp, "alter")):
        names = [str(column_of(item)) for item in items if isinstance(item, kind)]
        if names:
            return "{} {} {}".format(verb, model, " and ".join(names[:2]))
    if any(isinstance(item, ops.CreateIndexOp) for item in items):
        return "add {} index".format(model)
    if any(isinstance(item, ops.CreateCheckConstraintOp) for item in items):
        return "change {} check".format(model)
    return "change {}".format(model)


def columns_added(items: list[Any]) -> list[str]:
    return [str(item.column.name) for item in items if isinstance(item, ops.AddColumnOp)]


def words(name: str) -> str:
    """ "BlogPost" is "blog post"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_.]", " ", name).lower()
