"""A process that was stopped, taken over, and woken: it finds out, records nothing, and does nothing more."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from crash_host import SESSION, Case, report_of, start
from crash_outcome import check, ledger

TABLES = ("checkpoints", "writes", "aksara_runs", "aksara_actions", "aksara_changes", "aksara_sessions")


@contextmanager
def stopped(case: Case, point: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """A process that has stopped itself at a point, with its job."""
    job = case.job("execute", point=point, how="STOP")
    process = start(job)
    try:
        assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1]), f"{point} was not reached"
        yield process, job
    finally:
        process.kill()
        process.wait()


def stored(case: Case) -> dict[str, list[Any]]:
    """Everything in the store."""
    with closing(sqlite3.connect(case.home / "project" / ".aksara" / "sessions.db")) as connection:
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in TABLES}


@pytest.mark.parametrize(
    "point",
    [
        "model-1:after",
        "commit:14",
        "commit:25",
        "call-1-0:before",
        "call-1-0:written",
        "call-1-0:after",
        "when-the-others-are-done",
        "call-3-0:after",
        "approval:answered",
        "call-4-0:before",
        "call-4-0:middle",
    ],
)
def test_a_process_woken_after_a_takeover_does_no_harm(case: Case, point: str) -> None:
    with stopped(case, point) as (process, job):
        assert case.perform("resume")["error"] == "SessionBusy", "a stopped process is alive; nobody barges in"
        report = case.perform("resume", take_over=True)
        result, after_takeover, effects = report["result"], stored(case), ledger(case.home)
        assert result["stop_reason"] == "completed"
        process.send_signal(signal.SIGCONT)
        assert process.wait(timeout=30) == 0
    woken = report_of(job)
    assert (woken.get("error"), SESSION in woken.get("text", "")) == ("SessionTakenOver", True), woken
    assert stored(case) == after_takeover, "not one row has changed"
    unknown = [action for action in result["actions"] if action["status"] == "unknown"]
    labels = {action["input"]["label"] for action in unknown}
    assert {line.split()[0] for line in ledger(case.home) - effects} <= labels, "only what was in the air has landed"
    check(case, result, "stopped, taken over, woken", point)
