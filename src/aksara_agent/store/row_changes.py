"""What undo needs to take back the rows that a call changed: whole rows, kept as the worker wrote them."""

from __future__ import annotations

import json
from typing import Any

from aksara_agent.journal import RowChanges
from aksara_agent.store.database import Claim, Cursor, Database


def keep(database: Database, claim: Claim | None, run_id: str, call_id: str, inverse: dict[str, Any]) -> None:
    """Keep it with the call, also when a settlement brings it once more. Raises SessionTakenOver."""
    with database.transaction(claim) as cursor:
        cursor.execute(
            "INSERT INTO aksara_row_changes (run_id, call_id, inverse) VALUES (?, ?, ?)"
            " ON CONFLICT (run_id, call_id) DO UPDATE SET inverse = excluded.inverse",
            (run_id, call_id, json.dumps(inverse)),  # ASCII, so that any text of a row can be kept anywhere
        )


def kept(database: Database, run_id: str) -> RowChanges:
    """By call id, in the order in which the calls started."""
    with database.transaction() as cursor:
        cursor.execute(
            "SELECT call_id, CASE undone WHEN 0 THEN inverse END"
            " FROM aksara_row_changes r JOIN aksara_actions a USING (run_id, call_id)"
            " WHERE run_id = ? ORDER BY a.position",
            (run_id,),
        )
        return {call_id: inverse and json.loads(inverse) for call_id, inverse in cursor.fetchall()}


def undone(cursor: Cursor, run_id: str) -> None:
    """Mark the changes of a run as taken back."""
    cursor.execute("UPDATE aksara_row_changes SET undone = 1 WHERE run_id = ?", (run_id,))
