"""Who may work on a session, on every kind of store."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aksara_agent.errors import SessionBusy, SessionError, StoreError
from aksara_agent.store import sessions
from aksara_agent.store.database import Claim
from aksara_agent.store.store import Store, open_store


def test_a_session_at_work_takes_no_second_run(store: Store) -> None:
    assert store.sessions.claim("s", "single") == Claim("s", 1)
    with pytest.raises(SessionBusy, match="take_over=True"):
        store.sessions.claim("s", "single")


def test_a_released_session_may_be_claimed_again_with_a_higher_epoch(store: Store) -> None:
    store.sessions.release(store.sessions.claim("s", "single"))
    assert store.sessions.claim("s", "single").epoch == 2


def test_take_over_takes_a_session_from_a_living_run_which_can_then_release_nothing(store: Store) -> None:
    first = store.sessions.claim("s", "single")
    second = store.sessions.claim("s", "single", take_over=True)
    assert second.epoch == first.epoch + 1
    store.sessions.release(first)
    with pytest.raises(SessionBusy):
        store.sessions.claim("s", "single")


def test_a_session_whose_process_died_is_free_at_once(
    lasting: str, tmp_path: Path, elsewhere: Callable[..., Any]
) -> None:
    store = open_store(lasting, tmp_path)
    with elsewhere("claim", project=str(tmp_path), checkpoints=lasting, session_id="s") as (process, told):
        assert told == {"epoch": 1}
        with pytest.raises(SessionBusy, match=f":{process.pid}:"):
            store.sessions.claim("s", "single")
        process.kill()
        process.wait()
        assert store.sessions.claim("s", "single").epoch == 2
    store.close()


def test_a_process_of_another_machine_is_taken_for_dead_after_its_lease(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.sessions, "_owner", "elsewhere.example:1:1")
    claim = store.sessions.claim("s", "single")
    monkeypatch.undo()
    with pytest.raises(SessionBusy):
        store.sessions.claim("s", "single")
    silent_since = sessions.time.time() - sessions.LEASE_SECONDS - 1
    with store.database.transaction() as cursor:
        cursor.execute("UPDATE aksara_sessions SET heartbeat = ?", (silent_since,))
    store.sessions.renew(claim)
    with pytest.raises(SessionBusy):
        store.sessions.claim("s", "single")
    with store.database.transaction() as cursor:
        cursor.execute("UPDATE aksara_sessions SET heartbeat = ?", (silent_since,))
    assert store.sessions.claim("s", "single").epoch == 2


def test_a_run_whose_end_could_not_be_recorded_does_not_block_the_session(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = store.sessions.claim("s", "single")

    def broken(claim: Claim | None = None) -> Any:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store.database, "transaction", broken)
    with pytest.raises(StoreError):
        store.sessions.release(claim)
    monkeypatch.undo()
    assert store.sessions.claim("s", "single").epoch == 2


def test_of_many_who_claim_at_once_one_gets_the_session(lasting: str, tmp_path: Path) -> None:
    stores = [open_store(lasting, tmp_path) for _ in range(8)]
    start, claims, busy = threading.Barrier(len(stores)), [], []

    def race(store: Store, session_id: str) -> None:
        start.wait()
        try:
            claims.append(store.sessions.claim(session_id, "single"))
        except SessionBusy as error:
            busy.append(error)

    for session_id in ("new", "new", "known"):  # the second time it is there and free
        if session_id == "new" and claims:
            stores[0].sessions.release(claims[-1])
        runners = [threading.Thread(target=race, args=(store, session_id)) for store in stores]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
    assert [(claim.session_id, claim.epoch) for claim in claims] == [("new", 1), ("new", 2), ("known", 1)]
    assert len(busy) == 3 * 7
    for store in stores:
        store.close()


def test_an_ended_session_takes_no_run_and_one_at_work_cannot_be_ended(store: Store) -> None:
    claim = store.sessions.claim("s", "conversation")
    with pytest.raises(SessionBusy):
        store.sessions.end("s")
    store.sessions.release(claim)
    store.sessions.end("s")
    with pytest.raises(SessionError, match="has ended"):
        store.sessions.claim("s", "conversation")
    with pytest.raises(SessionError, match="has ended"):
        store.sessions.claim("s", "conversation", take_over=True)


def test_the_mode_of_a_session_is_known_and_of_an_unknown_one_said_so(store: Store) -> None:
    store.sessions.claim("s", "conversation")
    assert store.sessions.mode("s") == "conversation"
    with pytest.raises(SessionError, match=r"no session 'other'.*runtime.sessions\(\)"):
        store.sessions.mode("other")


def test_the_listing_has_every_session_the_latest_first_with_its_last_run(store: Store) -> None:
    first, second = store.sessions.claim("first", "single"), store.sessions.claim("second", "conversation")
    store.runs.begin(first, "run-1", "single", "One", {})
    store.runs.begin(first, "run-2", "single", "Two", {})
    store.runs.finish(first, "run-2", "completed")
    store.sessions.release(second)
    store.sessions.end("second")
    listed = store.sessions.all()
    assert [info["session_id"] for info in listed] == ["second", "first"]
    assert (listed[0]["runs"], listed[0]["last_task"], listed[0]["last_status"]) == (0, None, None)
    assert (listed[1]["runs"], listed[1]["last_task"], listed[1]["last_status"]) == (2, "Two", "completed")
    assert isinstance(listed[0]["ended_at"], float)
    assert listed[1]["ended_at"] is None
    assert listed[0]["created_at"] >= listed[1]["created_at"]
