"""The runs of a session on every kind of store."""

from __future__ import annotations

import pytest

from aksara_agent import SessionError
from aksara_agent.store.store import Store


def test_a_run_is_running_until_it_is_told_how_it_ended(store: Store) -> None:
    claim = store.sessions.claim("s", "single")
    store.runs.begin(claim, "r", "single", "Say hello", {"max_iterations": 3, "tools": None})
    record = store.runs.get("r")
    assert (record.session_id, record.mode, record.task, record.status) == ("s", "single", "Say hello", "running")
    assert record.settings == {"max_iterations": 3, "tools": None}
    store.runs.finish(claim, "r", "max_iterations")
    assert store.runs.get("r").status == "max_iterations"


def test_the_last_run_of_a_session_is_the_one_that_began_last(store: Store) -> None:
    claim = store.sessions.claim("s", "single")
    for run_id in ("b", "a", "c"):
        store.runs.begin(claim, run_id, "single", run_id, {})
    store.runs.begin(store.sessions.claim("other", "single"), "d", "single", "d", {})
    assert store.runs.last("s").run_id == "c"


def test_what_does_not_exist_is_named(store: Store) -> None:
    with pytest.raises(SessionError, match=r"no session 'nobody'.*runtime.sessions\(\)"):
        store.runs.last("nobody")
    with pytest.raises(SessionError, match="no run 'nothing'"):
        store.runs.get("nothing")


def test_where_the_store_is_is_not_written_into_it_because_a_url_may_hold_a_password(store: Store) -> None:
    claim = store.sessions.claim("s", "single")
    store.runs.begin(claim, "r", "single", "Hi", {"checkpoints": "postgresql://me:secret@db/x", "model": None})
    with store.database.transaction() as cursor:
        cursor.execute("SELECT settings FROM aksara_runs")
        assert "secret" not in cursor.fetchone()[0]
    assert store.runs.get("r").settings == {"model": None}


def test_a_run_that_goes_on_is_running_again(store: Store) -> None:
    claim = store.sessions.claim("s", "single")
    store.runs.begin(claim, "r", "single", "task", {})
    store.runs.finish(claim, "r", "timeout")
    store.runs.goes_on(claim, "r")
    assert store.runs.get("r").status == "running"


def test_the_result_of_a_run_is_kept_and_a_run_without_one_says_how_it_stands(store: Store) -> None:
    claim = store.sessions.claim("s", "single")
    store.runs.begin(claim, "r", "single", "task", {})
    with pytest.raises(SessionError, match="Run r has no result: it is running"):
        store.runs.result("r")
    store.runs.finish(claim, "r", "completed", {"output": "fine \0 \ud800"})
    assert store.runs.result("r")["output"].startswith("fine")
    store.runs.finish(claim, "r", "cancelled")
    assert store.runs.result("r")["output"].startswith("fine"), "an earlier result is not forgotten"
