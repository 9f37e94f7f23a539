"""The operations of a migration as data, with what is lost and what is locked."""

from __future__ import annotations

import io
from typing import Any

from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column

from .alembic_renames import table_name
from .alembic_render import RenameColumnOp

KINDS: dict[type, str] = {
    RenameColumnOp: "rename_column",
    ops.CreateTableOp: "create_table",
    ops.DropTableOp: "drop_table",
    ops.AddColumnOp: "add_column",
    ops.DropColumnOp: "drop_column",
    ops.AlterColumnOp: "alter_column",
    ops.CreateIndexOp: "create_index",
    ops.DropIndexOp: "drop_index",
    ops.CreateUniqueConstraintOp: "create_unique_constraint",
    ops.CreateForeignKeyOp: "create_foreign_key",
    ops.CreateCheckConstraintOp: "create_check_constraint",
    ops.DropConstraintOp: "drop_constraint",
    ops.ExecuteSQLOp: "execute",
}
# What PostgreSQL keeps others from while it works.
LOCKING = {
    "create_index": "writes wait while the index is built; on a large table create it CONCURRENTLY",
    "create_unique_constraint": "reads and writes wait while its index is built",
    "create_foreign_key": "writes to both tables wait while every row is checked; add it NOT VALID, validate later",
    "create_check_constraint": "reads and writes wait while every row is checked; add it NOT VALID, validate later",
    "set_not_null": "reads and writes wait while every row is checked",
    "alter_type": "reads and writes wait while the whole table may be written anew",
    "execute": None,
}
REBUILDS = "SQLite copies the whole table into a new one"
NO_REBUILD = ("create_index", "drop_index", "add_column", "create_table", "drop_table", "execute")


def describe_operations(container: Any, dialect: Any) -> list[dict[str, Any]]:
    return [described(item, dialect) for item in flat(container)]


def flat(container: Any) -> list[Any]:
    found: list[Any] = []
    for item in container.ops:
        found += flat(item) if isinstance(item, ops.OpContainer) else [item]
    return found


def described(item: Any, dialect: Any) -> dict[str, Any]:
    kind = next((KINDS[cls] for cls in type(item).__mro__ if cls in KINDS), type(item).__name__)
    lost, locks = destroys(item, kind), locking(item, kind, dialect)
    return {
        "kind": kind,
        "table": table_name(item) if getattr(item, "table_name", None) else None,
        "column": column_of(item),
        "name": name_of(item),
        "sql": None if locks == REBUILDS else preview(item, dialect),
        "destructive": bool(lost),
        "locking": locks,
        "notes": [lost] if lost else [],
    }


def column_of(item: Any) -> str | None:
    if isinstance(item, ops.AddColumnOp):
        return str(item.column.name)
    return getattr(item, "column_name", None)


def name_of(item: Any) -> str | None:
    name = (
        getattr(item, "constraint_name", None)
        or getattr(item, "index_name", None)
        or getattr(item, "modify_name", None)
    )
    return str(name) if name else None


def destroys(item: Any, kind: str) -> str | None:
    if kind == "drop_table":
        return "the rows of {} are lost".format(table_name(item))
    if kind == "drop_column":
        return "the values of {}.{} are lost".format(table_name(item), item.column_name)
    if kind == "alter_column" and item.modify_type is not None:
        before, after = (getattr(kind_, "length", None) for kind_ in (item.existing_type, item.modify_type))
        if before and after and after < before:
            message = "{}.{} shrinks from {} to {} characters: longer values are cut or refused"
            return message.format(table_name(item), item.column_name, before, after)
    if kind == "execute" and "DROP TYPE" in str(item.sqltext):
        return "rows that hold a removed value are refused"
    return None


def locking(item: Any, kind: str, dialect: Any) -> str | None:
    if dialect.name == "sqlite":
        return None if kind in NO_REBUILD else REBUILDS
    if dialect.name != "postgresql":
        return None
    if kind == "alter_column" and item.modify_type is not None:
        return LOCKING["alter_type"]
    if kind == "alter_column" and item.modify_nullable is False:
        return LOCKING["set_not_null"]
    if kind == "create_index" and item.kw.get("postgresql_concurrently"):
        return None
    return LOCKING.get(kind)


def preview(item: Any, dialect: Any) -> str | None:
    """The SQL as Alembic's offline mode writes it; None where it must see the table first (SQLite)."""
    out = io.StringIO()
    context = MigrationContext.configure(
        dialect=dialect, opts={"as_sql": True, "output_buffer": out, "literal_binds": True}
    )
    try:
        Operations(context).invoke(alone(item))
    except Exception:  # what a dialect cannot say in one statement is shown with the whole migration
        return None
    return out.getvalue().strip() or None


def alone(item: Any) -> Any:
    """An added column without its keys and indexes, which are operations of their own."""
    if not isinstance(item, ops.AddColumnOp):
        return item
    column = item.column
    plain = Column(column.name, column.type, nullable=column.nullable, server_default=column.server_default)
    return ops.AddColumnOp(item.table_name, plain, schema=item.schema)
