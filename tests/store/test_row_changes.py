"""What undo needs for rows, kept by every kind of store."""

from __future__ import annotations

import pytest

from aksara_agent.errors import SessionTakenOver
from aksara_agent.results import Action
from aksara_agent.store.store import Store

INVERSE = {"database": "sqlite:///x.db", "changes": [{"table": "t", "before": None, "after": {"a": "\0\ud800é"}}]}


async def test_inverses_come_in_the_order_of_their_calls_and_are_marked_when_undone(store: Store) -> None:
    journal = store.journal(store.sessions.claim("s", "single"))
    for call_id in ("z", "a"):
        await journal.started(Action("update_record", {}, call_id, "r", "write"))
    for call_id in ("a", "z", "z"):
        await journal.rows_changed("r", call_id, INVERSE)
    found = await journal.row_changes("r")
    assert (list(found), found["a"]) == (["z", "a"], INVERSE)
    assert await journal.row_changes("other") == {}
    journal.undone("r")
    assert await journal.row_changes("r") == {"z": None, "a": None}


async def test_a_run_that_was_taken_over_records_nothing(store: Store) -> None:
    old = store.journal(store.sessions.claim("s", "single"))
    await old.started(Action("update_record", {}, "c", "r", "write"))
    store.sessions.claim("s", "single", take_over=True)
    with pytest.raises(SessionTakenOver):
        await old.rows_changed("r", "c", INVERSE)
    assert await store.journal().row_changes("r") == {}
