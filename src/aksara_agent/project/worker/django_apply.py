"""Carries a change of Django rows out: counted, compared with what was approved, in one transaction."""

from __future__ import annotations

from typing import Any

from . import django_ledger as ledger
from .django_database import shown_url
from .django_indexes import own_tables
from .django_steps import STEPS, delete_notes
from .django_writing import Others, writing
from .inverse import inverse_of


def apply_change(model: Any, alias: str, request: dict[str, Any]) -> dict[str, Any]:
    """Do it, or nothing. Returns what changed, and the inverse for undo (None when there can be none)."""
    change, call, others = request["change"], request["call"], Others()
    with writing(alias, float(request["seconds"])) as connection:
        kept = ledger.exists(connection)
        if kept and not ledger.claim(connection, call, change):
            return ledger.done(connection, call, change)
        with connection.execute_wrapper(others):
            result, changed = STEPS[change["action"]](model, alias, change, request.get("expected"))
        rows = [(table._meta.db_table, before, after) for table, before, after in changed]
        expected = {table for table, _, _ in rows} | {meta.db_table for meta in own_tables(model)}
        result["notes"] = others.notes(expected) + (delete_notes(model) if change["action"] == "delete" else [])
        url = shown_url(connection.settings_dict, connection.vendor)
        inverse = inverse_of(rows, "django", url, result["notes"])
        if kept:
            ledger.record(connection, call, result, inverse)
    return dict(result, inverse=inverse)
