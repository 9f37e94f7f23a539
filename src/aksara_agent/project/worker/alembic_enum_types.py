"""PostgreSQL's enum types that come and go with columns: Alembic leaves them behind, or forgets to make them."""

from __future__ import annotations

from typing import Any

from alembic.operations import ops
from sqlalchemy import Enum, inspect

from .alembic_enums import declared_enums, literal
from .alembic_operations import flat
from .alembic_render import statement


def add_enum_types(script: Any, metadatas: list[Any], connection: Any) -> None:
    """Make a type before its first column, and drop it after its last, both ways."""
    if connection.dialect.name != "postgresql":
        return
    existing = {item["name"] for item in inspect(connection).get_enums()}
    declared = {name for metadata in metadatas for _, name in declared_enums(metadata, connection.dialect)}
    for name, (values, by_table) in types_in(script.upgrade_ops, (ops.CreateTableOp, ops.AddColumnOp)).items():
        if name not in existing:
            come(script.upgrade_ops, script.downgrade_ops, name, values, by_table, connection.dialect)
    for name, (values, by_table) in types_in(script.downgrade_ops, (ops.CreateTableOp, ops.AddColumnOp)).items():
        if name in existing and name not in declared:
            come(script.downgrade_ops, script.upgrade_ops, name, values, by_table, connection.dialect)


def come(there: Any, back: Any, name: str, values: list[str], by_table: bool, dialect: Any) -> None:
    """A type that one direction needs and the other takes away. CREATE TABLE makes the types of its columns."""
    quoted = dialect.identifier_preparer.quote(name)
    if not by_table:
        there.ops.insert(0, statement("CREATE TYPE {} AS ENUM ({})".format(quoted, ", ".join(map(literal, values)))))
    back.ops.append(statement("DROP TYPE {}".format(quoted)))


def types_in(container: Any, kinds: Any) -> dict[str, tuple[list[str], bool]]:
    """Name of each enum in new columns to (its values, whether a new table has it)."""
    found: dict[str, tuple[list[str], bool]] = {}
    for item in flat(container):
        if not isinstance(item, kinds):
            continue
        by_table = isinstance(item, ops.CreateTableOp)
        for column in item.to_table().columns if by_table else [item.column]:
            kind = column.type
            if isinstance(kind, Enum) and kind.native_enum and kind.name and not kind.schema:
                _, before = found.get(str(kind.name), ([], False))
                found[str(kind.name)] = (list(kind.enums), before or by_table)
    return found
