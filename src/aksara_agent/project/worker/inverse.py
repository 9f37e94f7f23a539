"""What undo needs to take a change back: whole rows, kept by the journal and shown to nobody."""

from __future__ import annotations

import json
from typing import Any, List, Optional, Tuple

from .failures import RequestError
from .forms import lossless

LARGEST_UNDO = 64_000_000  # characters
BEYOND_UNDO = "this cannot be undone: {} has values that cannot be kept"

Change = Tuple[str, Optional[Any], Optional[Any]]  # table, row before, row after
Changes = List[Change]


def inverse_of(changed: Changes, framework: str, database: str, notes: list[str]) -> dict[str, Any] | None:
    """The changes in their order; None, with a note, when a value could not be written back."""
    lost = [table for table, before, after in changed if not (lossless(before or {}) and lossless(after or {}))]
    if lost:
        notes.append(BEYOND_UNDO.format(lost[0]))
        return None
    changes = [{"table": table, "before": before, "after": after} for table, before, after in changed]
    size = len(json.dumps(changes))
    if size > LARGEST_UNDO:
        message = "the rows hold {:,} characters, too much to keep for undo: change fewer at a time"
        raise RequestError(message.format(size))
    return {"framework": framework, "database": database, "changes": changes}


def undo_notes(images: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Says beforehand, by table, that a change cannot be taken back."""
    tables = [table for table, rows in images.items() if not all(map(lossless, rows))]
    return [BEYOND_UNDO.format(" and ".join(tables))] if tables else []
