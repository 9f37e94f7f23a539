"""What was asked and how it stands: a run's own status, because after a crash a graph can look finished."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from aksara_agent.errors import SessionError
from aksara_agent.store.database import Claim, Database
from aksara_agent.store.text import storable


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run. ``status`` is ``running`` or a stop reason; ``settings`` are those in force when it started."""

    run_id: str
    session_id: str
    mode: str
    task: str
    status: str
    settings: dict[str, Any]


class Runs:
    """The table of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, claim: Claim, run_id: str, mode: str, task: str, settings: dict[str, Any]) -> None:
        """Record a new run before anything of it happens; where the store is stays out, a URL may hold a password."""
        kept = {name: value for name, value in settings.items() if name != "checkpoints"}
        with self._database.transaction(claim) as cursor:
            cursor.execute(
                "INSERT INTO aksara_runs (run_id, session_id, mode, task, status, settings, started_at)"
                " VALUES (?, ?, ?, ?, 'running', ?, ?)",
                (run_id, claim.session_id, mode, storable(task), json.dumps(kept), time.time()),
            )

    def goes_on(self, claim: Claim, run_id: str) -> None:
        """Record that the run is at work again."""
        with self._database.transaction(claim) as cursor:
            cursor.execute("UPDATE aksara_runs SET status = 'running' WHERE run_id = ?", (run_id,))

    def finish(self, claim: Claim, run_id: str, status: str, result: dict[str, Any] | None = None) -> None:
        """Record how the run stands, and its result without the actions, which the journal has."""
        kept = None if result is None else json.dumps(result, default=str)
        with self._database.transaction(claim) as cursor:
            cursor.execute(
                "UPDATE aksara_runs SET status = ?, finished_at = ?, result = COALESCE(?, result) WHERE run_id = ?",
                (status, time.time(), kept and storable(kept), run_id),
            )

    def result(self, run_id: str) -> dict[str, Any]:
        """What ``finish`` kept. Raises SessionError for a run that has none."""
        with self._database.transaction() as cursor:
            cursor.execute("SELECT status, result FROM aksara_runs WHERE run_id = ?", (run_id,))
            row = cursor.fetchone()
        if row is None:
            raise _absent("run", run_id)
        if row[1] is None:
            raise SessionError(f"Run {run_id} has no result: it is {row[0]}. Go on with runtime.resume(session_id).")
        kept: dict[str, Any] = json.loads(row[1])
        return kept

    def last(self, session_id: str) -> RunRecord:
        """The latest run of a session. Raises SessionError when there is none."""
        return self._find("session_id = ? ORDER BY started_at DESC LIMIT 1", session_id, "session")

    def latest(self) -> RunRecord:
        """The latest run of all. Raises SessionError when there is none."""
        return self._find("? <> run_id ORDER BY started_at DESC LIMIT 1", "", "run")

    def get(self, run_id: str) -> RunRecord:
        """A run by its id. Raises SessionError when there is none."""
        return self._find("run_id = ?", run_id, "run")

    def _find(self, condition: str, value: str, what: str) -> RunRecord:
        columns = "run_id, session_id, mode, task, status, settings"
        with self._database.transaction() as cursor:
            cursor.execute(f"SELECT {columns} FROM aksara_runs WHERE {condition}", (value,))  # noqa: S608 (constants)
            row = cursor.fetchone()
        if row is None:
            raise _absent(what, value)
        return RunRecord(row[0], row[1], row[2], row[3], row[4], json.loads(row[5]))


def _absent(what: str, value: str) -> SessionError:
    return SessionError(f"There is no {what} {value!r} here; runtime.sessions() lists those that are.")
