"""What a change would do, found out without doing it: for the person who is asked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, inspect, update

from .affected import Affected, named_key, shown_rows
from .affected_rows import SHOWN, rows_given
from .given import checked_values
from .mapped import columns_of
from .readonly import read_only
from .rows import plain_row


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
        text, keys = text_of(statement.where(affected.condition), connection), [named_key(model, row) for row in before]
        return affected.plan(before, keys, values, text, bool(change.get("cascade")))


def plan_create(model: Any, connection: Any, change: dict[str, Any]) -> dict[str, Any]:
    rows = new_rows(model, change)
    columns = by_column(model, rows[0])
    filled = [name for name, column in columns_of(model).items() if name not in rows[0] and has_default(column)]
    return {
        "count": len(rows),
        "keys": [],
        "before": [],
        "after": [plain_row(row) for row in rows[:SHOWN]],
        "related": [],
        "statement": text_of(insert(inspect(model).local_table).values(columns), connection),
        "fingerprint": None,
        "notes": ["filled by the model or the database: " + ", ".join(filled)] if filled else [],
    }


def new_rows(model: Any, change: dict[str, Any]) -> list[dict[str, Any]]:
    """The checked values of each row to create."""
    return [checked_values(model, row, True) for row in rows_given(change)]


def by_column(model: Any, values: dict[str, Any]) -> dict[Any, Any]:
    """The values by column of the model's own table."""
    table, columns = inspect(model).local_table, columns_of(model)
    return {columns[name]: value for name, value in values.items() if columns[name].table is table}


def has_default(column: Any) -> bool:
    return column.default is not None or column.server_default is not None


def text_of(statement: Any, connection: Any) -> str:
    return str(statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True}))
