"""A run that has lost its session can record nothing more, on every kind of store."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.base import empty_checkpoint

from aksara_agent.errors import SessionTakenOver, StoreError
from aksara_agent.journal import FileChange
from aksara_agent.results import Action
from aksara_agent.store import sqlite
from aksara_agent.store.database import Claim
from aksara_agent.store.store import Store, open_store

ACTION = Action(tool="write_file", input={}, call_id="c", run_id="r", effect="write")
CHANGE = FileChange("created", "a.txt", None, "after")


@pytest.fixture
def void(store: Store) -> Claim:
    """A claim that another process has overtaken."""
    claim = store.sessions.claim("s", "single")
    store.runs.begin(claim, "r", "single", "Task", {})
    store.sessions.claim("s", "single", take_over=True)
    return claim


def config(claim: Claim | None, thread_id: str = "s", **more: Any) -> Any:
    epoch = {} if claim is None else {"epoch": claim.epoch}
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": "", **epoch, **more}}


async def test_a_void_claim_records_no_action_and_no_change(store: Store, void: Claim) -> None:
    journal = store.journal(void)
    with pytest.raises(SessionTakenOver, match="taken over by another process"):
        await journal.started(ACTION)
    with pytest.raises(SessionTakenOver):
        await journal.finished(ACTION)
    with pytest.raises(SessionTakenOver):
        journal.changing(ACTION, CHANGE)
    assert await journal.actions("r") == []
    assert await journal.changes("r") == []


def test_a_void_claim_begins_and_finishes_no_run_and_shows_no_life(store: Store, void: Claim) -> None:
    with pytest.raises(SessionTakenOver):
        store.runs.begin(void, "r2", "single", "Task", {})
    with pytest.raises(SessionTakenOver):
        store.runs.finish(void, "r", "completed")
    with pytest.raises(SessionTakenOver):
        store.sessions.renew(void)
    assert store.runs.last("s").run_id == "r"
    assert store.runs.get("r").status == "running"


async def test_a_void_claim_saves_no_checkpoint_and_no_writes(store: Store, void: Claim) -> None:
    good = Claim("s", void.epoch + 1)
    kept = await store.saver.aput(config(good), empty_checkpoint(), {"source": "loop", "step": 1, "parents": {}}, {})
    with pytest.raises(SessionTakenOver):
        await store.saver.aput(config(void), empty_checkpoint(), {"source": "loop", "step": 2, "parents": {}}, {})
    kept_id = kept["configurable"]["checkpoint_id"]
    with pytest.raises(SessionTakenOver):
        await store.saver.aput_writes(config(void, checkpoint_id=kept_id), [("x", 1)], "task")
    head = await store.saver.aget_tuple(config(None))
    assert head is not None
    assert (head.checkpoint["id"], head.pending_writes) == (kept_id, [])
    assert [found.checkpoint["id"] async for found in store.saver.alist(config(None))] == [kept_id]


async def test_a_valid_claim_and_a_graph_that_is_run_by_hand_are_let_through(store: Store, void: Claim) -> None:
    good, metadata = Claim("s", void.epoch + 1), {"source": "loop", "step": 1, "parents": {}}
    for claim, thread_id in ((good, "s"), (None, "by hand")):
        saved = await store.saver.aput(config(claim, thread_id), empty_checkpoint(), metadata, {})  # type: ignore[arg-type]
        where = config(claim, thread_id, checkpoint_id=saved["configurable"]["checkpoint_id"])
        await store.saver.aput_writes(where, [("x", 1)], "task")
        head = await store.saver.aget_tuple(config(None, thread_id))
        assert head is not None
        assert head.pending_writes == [("task", "x", 1)]


def test_what_fails_half_way_leaves_nothing_behind(store: Store) -> None:
    claim = store.sessions.claim("s", "single")
    with pytest.raises(ZeroDivisionError), store.database.transaction(claim) as cursor:
        cursor.execute("UPDATE aksara_sessions SET mode = 'changed'")
        raise ZeroDivisionError
    assert store.sessions.mode("s") == "single"
    store.sessions.renew(claim)  # and the store works on


async def test_who_is_cancelled_waits_for_a_write_that_has_begun(postgres_url: str, tmp_path: Path) -> None:
    store, begun, go_on = open_store(postgres_url, tmp_path), threading.Event(), threading.Event()
    store.sessions.claim("s", "single")

    def write() -> None:
        with store.database.transaction() as cursor:
            begun.set()
            go_on.wait()
            cursor.execute("UPDATE aksara_sessions SET mode = 'written'")

    writing = asyncio.create_task(store.database.run(write))
    await asyncio.to_thread(begun.wait)
    writing.cancel()
    await asyncio.sleep(0)
    assert not writing.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert store.sessions.mode("s") == "written"
    store.close()


def test_a_takeover_waits_for_a_write_that_has_passed_the_fence(lasting: str, tmp_path: Path) -> None:
    first, second = open_store(lasting, tmp_path), open_store(lasting, tmp_path)
    claim, order = first.sessions.claim("s", "single"), []

    def take_over() -> None:
        second.sessions.claim("s", "single", take_over=True)
        order.append("taken over")

    taking = threading.Thread(target=take_over)
    with first.database.transaction(claim) as cursor:
        taking.start()
        taking.join(0.3)  # time in which a takeover that does not wait would come through
        cursor.execute(
            "INSERT INTO aksara_runs (run_id, session_id, mode, task, status, settings, started_at)"
            " VALUES ('r', 's', 'single', '', 'running', '{}', 1.0)"
        )
        order.append("written")
    taking.join()
    assert order == ["written", "taken over"]
    with pytest.raises(SessionTakenOver):
        first.sessions.renew(claim)
    for store in (first, second):
        store.close()


def test_a_postgres_process_that_sleeps_in_a_transaction_is_put_out_and_the_session_goes_on(
    postgres_url: str, tmp_path: Path
) -> None:
    sleeper, heir = open_store(postgres_url, tmp_path), open_store(postgres_url, tmp_path)
    claim = sleeper.sessions.claim("s", "single")
    stopped = pytest.raises(StoreError, match=r"idle.in.transaction.*resume the session")
    with stopped, sleeper.database.transaction(claim) as cursor:
        cursor.execute("UPDATE aksara_sessions SET mode = 'of the sleeper'")
        assert heir.sessions.claim("s", "single", take_over=True).epoch == claim.epoch + 1
        cursor.execute("SELECT 1")
    assert heir.sessions.mode("s") == "single"
    with pytest.raises(SessionTakenOver):
        sleeper.sessions.renew(claim)
    for store in (sleeper, heir):
        store.close()


def test_a_sqlite_file_that_another_process_holds_for_too_long_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    first, second = open_store("sqlite", tmp_path), open_store("sqlite", tmp_path)
    with first.database.transaction() as cursor:
        cursor.execute("SELECT 1")
        with pytest.raises(StoreError, match="Another process holds it; try again"):
            second.sessions.claim("s", "single")
    assert second.sessions.claim("s", "single").epoch == 1
    for store in (first, second):
        store.close()
