"""Carries a change out: counted, compared with what was approved, in one transaction with all that undo needs."""

from __future__ import annotations

import json
from typing import Any

from . import ledger
from .failures import RequestError
from .others import Others
from .plan import BEYOND_UNDO
from .steps import STEPS, Changed
from .stored import lossless
from .writing import writing

LARGEST_UNDO = 64_000_000  # characters


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
        inverse = inverse_of(changed, database, result["notes"])
        if kept:
            ledger.record(session.connection(), call, result, inverse)
        session.commit()
    return dict(result, inverse=inverse)


def inverse_of(changed: list[Changed], database: Any, notes: list[str]) -> dict[str, Any] | None:
    """The changes in their order, with whole rows; kept by the journal, shown to nobody."""
    lost = [table for table, before, after in changed if not (lossless(before or {}) and lossless(after or {}))]
    if lost:
        notes.append(BEYOND_UNDO.format(lost[0].fullname))
        return None
    changes = [{"table": table.fullname, "before": before, "after": after} for table, before, after in changed]
    size = len(json.dumps(changes))
    if size > LARGEST_UNDO:
        message = "the rows hold {:,} characters, too much to keep for undo: change fewer at a time"
        raise RequestError(message.format(size))
    return {"database": database.shown_url, "changes": changes}
