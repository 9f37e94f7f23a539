"""The journal on every kind of store: what was done, in order, each once."""

from __future__ import annotations

import asyncio

import pytest

from aksara_agent.journal import FileChange
from aksara_agent.results import Action
from aksara_agent.store.database import Claim
from aksara_agent.store.journal import SqlJournal
from aksara_agent.store.store import Store


def action(call_id: str, **fields: object) -> Action:
    given = {"tool": "write_file", "input": {"path": "ä.txt"}, "run_id": "r", "effect": "write", **fields}
    return Action(call_id=call_id, **given)  # type: ignore[arg-type]


def change(path: str = "a.txt") -> FileChange:
    return FileChange("modified", path, "before", "after", b"\x00\xff old", 0o644)


@pytest.fixture
def claim(store: Store) -> Claim:
    return store.sessions.claim("s", "single")


@pytest.fixture
def journal(store: Store, claim: Claim) -> SqlJournal:
    return store.journal(claim)


async def test_an_action_is_found_as_it_was_recorded(journal: SqlJournal) -> None:
    assert await journal.find("r", "c") is None
    started = action("c", input={"path": "ä.txt", "nested": [1, None, True]}, approval="edit")
    await journal.started(started)
    assert await journal.find("r", "c") == started
    finished = action("c", input=started.input, approval="edit", status="done", output={"n": 1.5}, duration_ms=2.25)
    await journal.finished(finished)
    assert await journal.find("r", "c") == finished
    assert await journal.find("another run", "c") is None


async def test_actions_come_in_the_order_in_which_they_started(journal: SqlJournal) -> None:
    for name in ("c", "a", "b"):
        await journal.started(action(name))
    for name in ("b", "a", "c"):
        await journal.finished(action(name, status="done"))
    await journal.finished(action("refused", status="denied", error="not allowed"))
    assert [(a.call_id, a.status) for a in await journal.actions("r")] == [
        ("c", "done"),
        ("a", "done"),
        ("b", "done"),
        ("refused", "denied"),
    ]


async def test_parallel_calls_are_recorded_in_the_order_in_which_they_were_asked_for(journal: SqlJournal) -> None:
    async def carry_out(name: str) -> None:
        assert await journal.find("r", name) is None
        await journal.started(action(name))

    names = [f"call_{number}" for number in range(30)]
    await asyncio.gather(*(carry_out(name) for name in names))
    assert [a.call_id for a in await journal.actions("r")] == names


async def test_recording_a_call_again_makes_no_second_record(journal: SqlJournal) -> None:
    for _ in range(2):
        await journal.started(action("c"))
    for output in ("first", "second"):
        await journal.finished(action("c", status="done", output=output))
    await journal.started(action("c"))  # a call that is done stays done
    (only,) = await journal.actions("r")
    assert (only.status, only.output) == ("done", "second")


async def test_a_change_counts_as_done_only_once_its_action_has_finished(journal: SqlJournal) -> None:
    writing = action("c")
    await journal.started(writing)
    journal.changing(writing, change())
    (found,) = await journal.actions("r")
    assert found.changes == []
    assert await journal.changes("r") == [change()]
    writing.status, writing.changes = "done", [{"kind": "modified", "path": "a.txt"}]
    await journal.finished(writing)
    (found,) = await journal.actions("r")
    assert found.changes == [{"kind": "modified", "path": "a.txt"}]


async def test_changes_come_in_order_for_a_run_or_one_call_until_they_are_undone(journal: SqlJournal) -> None:
    for call_id, paths in (("z", ["1", "2"]), ("a", ["3"])):
        await journal.started(action(call_id))
        for path in paths:
            journal.changing(action(call_id), change(path))
    assert [c.path for c in await journal.changes("r")] == ["1", "2", "3"]
    assert [c.path for c in await journal.changes("r", "z")] == ["1", "2"]
    journal.undone("r")
    assert await journal.changes("r") == []


async def test_text_that_a_database_may_not_hold_is_recorded_all_the_same(journal: SqlJournal) -> None:
    await journal.finished(action("c", status="failed", error="a\0b", output={"bytes": "\0"}))
    found = await journal.find("r", "c")
    assert found is not None
    assert found.error in ("a\0b", "a\ufffdb")
    assert found.output == {"bytes": "\0"}


async def test_a_call_that_is_tried_again_counts_its_attempts_in_one_record(journal: SqlJournal) -> None:
    await journal.started(action("c"))
    await journal.finished(action("c", status="failed", error="down"))
    await journal.started(action("c", attempts=2))
    found = await journal.find("r", "c")
    assert found is not None and (found.status, found.attempts, found.error) == ("started", 2, None)
    await journal.started(action("c"))  # a process that had slept through the second attempt
    found = await journal.find("r", "c")
    assert found is not None and (found.status, found.attempts) == ("started", 2)
    await journal.finished(action("c", status="done", attempts=2, note="late", output="fine"))
    assert await journal.actions("r") == [action("c", status="done", attempts=2, note="late", output="fine")]


async def test_an_action_of_an_earlier_run_is_recalled_in_its_session_and_in_no_other(store: Store) -> None:
    for session_id, run_id in (("s", "first"), ("s", "second"), ("other", "third")):
        claim = store.sessions.claim(session_id, "single", take_over=True)
        store.runs.begin(claim, run_id, "single", "task", {})
        await store.journal(claim).started(action(f"call of {run_id}", run_id=run_id))
    journal = store.journal()
    recalled = await journal.recall("second", "call of first")
    assert recalled is not None and recalled.run_id == "first"
    assert await journal.recall("second", "call of third") is None
