"""What a change would do, found out without doing it: for the person who is asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, inspect, update

from .affected import SHOWN, Affected, limit_of, named_key, shown_rows
from .failures import RequestError
from .given import checked_values
from .mapped import columns_of
from .readonly import read_only
from .rows import RowWriter
from .stored import lossless

BEYOND_UNDO = "this cannot be undone: {} has values that cannot be kept"


def plan_change(model: Any, database: Any, change: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Count, first rows before and after, what goes with them, SQL, fingerprint. Read-only."""
    with read_only(database, seconds) as connection:
        if change["action"] == "create":
            return plan_create(model, connection, change)
        affected = Affected(model, change, connection)
        before = shown_rows(model, connection, affected.keys)
        table = inspect(model).local_table
        values = checked_values(model, change["values"], False) if change["action"] == "update" else {}
        statement = update(table).values(by_column(model, values)) if values else delete(table)
        plan: dict[str, Any] = {
            "count": len(affected.keys),
            "keys": [named_key(model, row) for row in before],
            "before": before,
            "after": [dict(row, **plain(values)) for row in before] if values else [],
            "related": [],
            "statement": text_of(statement.where(affected.condition), connection),
            "fingerprint": affected.fingerprint(),
            "notes": undo_notes(affected.images),
        }
        if affected.removal is not None:
            affected.refuse_side_effects(bool(change.get("cascade")))
            plan["related"] = affected.removal.related()
        return plan


def plan_create(model: Any, connection: Any, change: dict[str, Any]) -> dict[str, Any]:
    rows = new_rows(model, change)
    columns = by_column(model, rows[0])
    filled = [name for name, column in columns_of(model).items() if name not in rows[0] and has_default(column)]
    return {
        "count": len(rows),
        "keys": [],
        "before": [],
        "after": [plain(row) for row in rows[:SHOWN]],
        "related": [],
        "statement": text_of(insert(inspect(model).local_table).values(columns), connection),
        "fingerprint": None,
        "notes": ["filled by the model or the database: " + ", ".join(filled)] if filled else [],
    }


def new_rows(model: Any, change: dict[str, Any]) -> list[dict[str, Any]]:
    """The checked values of each row to create."""
    given = change.get("values")
    rows = given if isinstance(given, list) else [given]
    limit = limit_of(change)
    if not 1 <= len(rows) <= limit:
        raise RequestError("{:,} rows are given; limit={:,}".format(len(rows), limit))
    return [checked_values(model, row, True) for row in rows]


def by_column(model: Any, values: dict[str, Any]) -> dict[Any, Any]:
    """The values by column of the model's own table."""
    table, columns = inspect(model).local_table, columns_of(model)
    return {columns[name]: value for name, value in values.items() if columns[name].table is table}


def plain(values: dict[str, Any]) -> dict[str, Any]:
    writer = RowWriter(list(values))
    writer.add(list(values.values()))
    return writer.rows[0]


def has_default(column: Any) -> bool:
    return column.default is not None or column.server_default is not None


def text_of(statement: Any, connection: Any) -> str:
    return str(statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True}))


def undo_notes(images: list[Any]) -> list[str]:
    tables = [table.fullname for table, rows in images if not all(map(lossless, rows))]
    return [BEYOND_UNDO.format(" and ".join(tables))] if tables else []
