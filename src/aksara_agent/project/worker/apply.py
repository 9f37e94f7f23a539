"""Carries a change out: counted, compared with what was approved, in one transaction with all that undo needs."""

from __future__ import annotations

from typing import Any

from . import ledger
from .inverse import inverse_of
from .others import Others
from .steps import STEPS
from .writing import writing


def apply_change(model: Any, database: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Do it, or nothing. Returns what changed, and the inverse for undo (None when there can be none)."""
    change, call = request["change"], request["call"]
    with writing(database, float(request["seconds"])) as session:
        kept = ledger.exists(session.connection())
        if kept and not ledger.claim(session, call, change):
            return ledger.done(session.connection(), call, change)
        others = Others(session, model)
        result, changed = STEPS[change["action"]](model, session, change, request.get("expected"))
        result["notes"] = others.notes()
        rows = [(table.fullname, before, after) for table, before, after in changed]
        inverse = inverse_of(rows, "sqlalchemy", database.shown_url, result["notes"])
        if kept:
            ledger.record(session.connection(), call, result, inverse)
        session.commit()
    return dict(result, inverse=inverse)
