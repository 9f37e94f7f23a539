"""Who may work on a session: one run at a time, across processes, with takeover after a death."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any, TypedDict

from aksara_agent.errors import SessionBusy, SessionError
from aksara_agent.store.database import Claim, Cursor, Database

LEASE_SECONDS = 30.0  # a process that has not shown itself for so long may be taken over
HEARTBEAT_SECONDS = 5.0

_held: set[Claim] = set()  # what this process is at work on, even where the store could not be told of a run's end


class SessionInfo(TypedDict):
    """A session as ``runtime.sessions()`` lists it; times are seconds since the epoch."""

    session_id: str
    mode: str
    created_at: float
    ended_at: float | None
    runs: int
    last_task: str | None
    last_status: str | None


class Sessions:
    """The table of sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner = _owner()

    def claim(self, session_id: str, mode: str, *, take_over: bool = False) -> Claim:
        """Take the session for a run. Raises SessionBusy while another is at work, SessionError when it has ended."""
        with self._database.transaction() as cursor:
            claim = self._take(cursor, session_id, mode, take_over)
        _held.add(claim)
        return claim

    def renew(self, claim: Claim) -> None:
        """Show that the run is alive. Raises SessionTakenOver."""
        with self._database.transaction(claim) as cursor:
            cursor.execute(
                "UPDATE aksara_sessions SET heartbeat = ? WHERE session_id = ?", (time.time(), claim.session_id)
            )

    def release(self, claim: Claim) -> None:
        """Give the session back, unless someone else has it by now."""
        _held.discard(claim)
        with self._database.transaction() as cursor:
            cursor.execute(
                "UPDATE aksara_sessions SET owner = NULL WHERE session_id = ? AND epoch = ?",
                (claim.session_id, claim.epoch),
            )

    def end(self, session_id: str) -> None:
        """Close the session for further runs. Raises SessionBusy while one is at work."""
        with self._database.transaction() as cursor:
            row = self._row(cursor, session_id)
            if row is not None and self._is_at_work(session_id, row):
                raise SessionBusy(f"Session {session_id} is at work; end it when its run is over.")
            cursor.execute("UPDATE aksara_sessions SET ended_at = ? WHERE session_id = ?", (time.time(), session_id))

    def mode(self, session_id: str) -> str:
        """The mode of a session. Raises SessionError for one that does not exist."""
        with self._database.transaction() as cursor:
            row = self._row(cursor, session_id)
        if row is None:
            raise SessionError(f"There is no session {session_id!r}; runtime.sessions() lists those that are.")
        return str(row[0])

    def all(self) -> list[SessionInfo]:
        """Every session, the latest first, with its last run."""
        with self._database.transaction() as cursor:
            cursor.execute(_LISTING)
            rows = cursor.fetchall()
        return [SessionInfo(**dict(zip(SessionInfo.__annotations__, row, strict=True))) for row in rows]  # type: ignore[typeddict-item]

    def _take(self, cursor: Cursor, session_id: str, mode: str, take_over: bool) -> Claim:
        """Make the session or raise its epoch, whichever of two processes comes first."""
        if _insert(cursor, session_id, mode, self._owner):
            return Claim(session_id, 1)
        row = self._row(cursor, session_id)
        _, epoch, owner, _, ended_at = row
        if ended_at is not None:
            raise SessionError(f"Session {session_id} has ended; start a new one.")
        if not take_over and self._is_at_work(session_id, row):
            raise SessionBusy(f"Session {session_id} is at work in process {owner}. Wait, or pass take_over=True.")
        cursor.execute(
            "UPDATE aksara_sessions SET epoch = ?, owner = ?, heartbeat = ? WHERE session_id = ?",
            (epoch + 1, self._owner, time.time(), session_id),
        )
        return Claim(session_id, epoch + 1)

    def _is_at_work(self, session_id: str, row: Any) -> bool:
        """Whether a run may still write: dead processes of this machine are known at once, others by silence."""
        _, epoch, owner, heartbeat, _ = row
        if owner is None or (owner == self._owner and Claim(session_id, epoch) not in _held):
            return False
        host, pid, started = owner.rsplit(":", 2)
        if host == socket.gethostname() and _started(int(pid)) != started:
            return False
        return bool(time.time() - heartbeat < LEASE_SECONDS)

    def _row(self, cursor: Cursor, session_id: str) -> Any:
        columns = "mode, epoch, owner, heartbeat, ended_at"
        sql = f"SELECT {columns} FROM aksara_sessions WHERE session_id = ?{self._database.row_lock}"  # noqa: S608
        cursor.execute(sql, (session_id,))
        return cursor.fetchone()


_LISTING = """
    SELECT s.session_id, s.mode, s.created_at, s.ended_at,
        (SELECT count(*) FROM aksara_runs r WHERE r.session_id = s.session_id),
        (SELECT r.task FROM aksara_runs r WHERE r.session_id = s.session_id ORDER BY r.started_at DESC LIMIT 1),
        (SELECT r.status FROM aksara_runs r WHERE r.session_id = s.session_id ORDER BY r.started_at DESC LIMIT 1)
    FROM aksara_sessions s ORDER BY s.created_at DESC"""


def _insert(cursor: Cursor, session_id: str, mode: str, owner: str) -> bool:
    """Record a new session; False when there is one with this id."""
    now = time.time()
    cursor.execute(
        "INSERT INTO aksara_sessions (session_id, mode, epoch, owner, heartbeat, created_at) VALUES (?, ?, 1, ?, ?, ?)"
        " ON CONFLICT (session_id) DO NOTHING",
        (session_id, mode, owner, now, now),
    )
    return cursor.rowcount == 1


def _owner() -> str:
    """Our process, named so that another on the same machine can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _started(pid: int) -> str:
    """When a process started, which tells it from a later one with the same number; empty when it is gone.

    A process that was killed stays in the table as a zombie until its parent asks for its status.
    """
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return "" if status[0] in "ZX" else status[19]
    except OSError:
        return "" if Path("/proc/self").exists() else _alive(pid)


def _alive(pid: int) -> str:
    """Where there is no /proc: whether the process answers."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "alive"
    return "alive"
