"""What a change of Django rows would do, found out without doing it: for the person who is asked."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import sql

from .affected_rows import SHOWN, rows_given
from .django_affected import DjangoAffected, named_key, shown_rows
from .django_fields import default_text
from .django_given import checked_values
from .django_readonly import ALIAS, read_only
from .django_steps import delete_notes
from .rows import plain_row


def plan_change(model: Any, alias: str, change: dict[str, Any], seconds: float) -> dict[str, Any]:
    """Count, first rows before and after, what goes with them, SQL, fingerprint. Read-only."""
    try:
        with read_only(alias, seconds):
            return plan_create(model, change) if change["action"] == "create" else plan_existing(model, change)
    finally:
        connections[alias].close()  # fields that look a reference up do so over the project's own connection


def plan_existing(model: Any, change: dict[str, Any]) -> dict[str, Any]:
    affected = DjangoAffected(model, change, ALIAS)
    before = shown_rows(model, ALIAS, affected.keys)
    values = checked_values(model, change["values"], False) if change["action"] == "update" else {}
    text, keys = statement_of(affected.rows, values), [named_key(model, row) for row in before]
    plan = affected.plan(before, keys, values, text, bool(change.get("cascade")))
    if affected.removal is not None:
        plan["notes"] += delete_notes(model)
    return plan


def plan_create(model: Any, change: dict[str, Any]) -> dict[str, Any]:
    rows = [checked_values(model, row, True) for row in rows_given(change)]
    fields = [field for field in model._meta.concrete_fields if field.attname in rows[0]]
    filled = [f.attname for f in model._meta.concrete_fields if f not in fields and default_text(f) is not None]
    query = sql.InsertQuery(model)
    query.insert_values([field for field in fields if field in model._meta.local_concrete_fields], [model(**rows[0])])
    ((statement, _),) = query.get_compiler(using=ALIAS).as_sql()
    return {
        "count": len(rows),
        "keys": [],
        "before": [],
        "after": [plain_row(row) for row in rows[:SHOWN]],
        "related": [],
        "statement": statement,
        "fingerprint": None,
        "notes": ["filled by the model or the database: " + ", ".join(filled)] if filled else [],
    }


def statement_of(rows: Any, values: dict[str, Any]) -> str:
    """One statement that says the same; the ORM writes row by row."""
    query = rows.query.chain(sql.UpdateQuery if values else sql.DeleteQuery)
    if values:
        query.add_update_values(values)
        inherited = query.get_related_updates()
        query = query if query.values or not inherited else inherited[0]
    return str(query.get_compiler(using=ALIAS).as_sql()[0])
