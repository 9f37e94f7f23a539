"""Where a process of ours ends or stops itself: before a statement, after a commit, or at a named place."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any

CALL: ContextVar[str] = ContextVar("call", default="")  # the tool call at work, also in the threads it uses


class Switch:
    """Sends this process ``how`` (KILL or STOP) when it reaches ``point``.

    A point is ``statement:7`` (before the seventh), ``commit:7`` (after the seventh) or a name that the tools,
    the model and the approver pass, such as ``call-1-0:middle``.
    """

    def __init__(self, point: str | None = None, how: str = "KILL") -> None:
        self.point, self.how = point, how
        self.counts = {"statement": 0, "commit": 0}
        self.lock: AbstractContextManager[Any] = nullcontext()

    def reach(self, name: str) -> None:
        """Pass a place; the process does not get beyond it when it is the one."""
        if name != self.point:
            return
        if self.how == "STOP":
            self._stop()
        else:
            self._die()

    def _die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)
        while True:  # another thread may get here before the signal does
            time.sleep(1)

    def _stop(self) -> None:
        """Once is enough: who wakes the process wants to see the rest. Not while a thread holds SQLite's lock."""
        self.point = None
        with self.lock:
            os.kill(os.getpid(), signal.SIGSTOP)
            time.sleep(0.2)  # the signal is for the process, and this thread may run on for a moment

    def count(self, what: str) -> None:
        """Pass the next statement or commit."""
        self.counts[what] += 1
        self.reach(f"{what}:{self.counts[what]}")

    def watch(self, database: Any) -> None:
        """Count what happens on a store's connection; of PostgreSQL's only the commits."""
        if isinstance(database.connection, sqlite3.Connection):
            self.lock = database.lock
            database.connection.set_trace_callback(lambda statement: self.count("statement"))
            database.connection = CountedConnection(database.connection, self)
        else:
            self._watch_postgres()

    def _watch_postgres(self) -> None:
        import psycopg

        begin = psycopg.Connection.transaction

        @contextmanager
        def counted(connection: Any, *options: Any, **more: Any) -> Iterator[Any]:
            with begin(connection, *options, **more) as transaction:
                yield transaction
            self.count("commit")

        psycopg.Connection.transaction = counted  # type: ignore[method-assign, assignment]


class CountedConnection:
    """A SQLite connection as it is, whose commits are counted once they are done."""

    def __init__(self, connection: sqlite3.Connection, switch: Switch) -> None:
        self._connection, self._switch = connection, switch

    def commit(self) -> None:
        self._connection.commit()
        self._switch.count("commit")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def watch_files(switch: Switch) -> None:
    """A file is written beside its place and brought there by a rename; after that the effect is there."""
    rename, sync = os.replace, os.fsync

    def watched_rename(source: Any, target: Any, **options: Any) -> None:
        switch.reach(f"{CALL.get()}:middle")
        rename(source, target, **options)
        switch.reach(f"{CALL.get()}:renamed")

    def watched_sync(file: Any) -> None:
        sync(file)
        switch.reach(f"{CALL.get()}:written")

    os.replace = watched_rename  # type: ignore[assignment]
    os.fsync = watched_sync  # type: ignore[assignment]
