"""Where a process of ours ends or stops itself: before a statement, after a commit, or at a named place."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
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

    def reach(self, name: str) -> None:
        """Pass a place; the process does not get beyond it when it is the one."""
        if name != self.point:
            return
        os.kill(os.getpid(), signal.Signals[f"SIG{self.how}"])
        while self.how == "KILL":  # another thread may get here before the signal does
            time.sleep(1)

    def count(self, what: str) -> None:
        """Pass the next statement or commit."""
        self.counts[what] += 1
        self.reach(f"{what}:{self.counts[what]}")

    def watch(self, database: Any) -> None:
        """Count what happens on a store's connection."""
        database.connection.set_trace_callback(lambda statement: self.count("statement"))
        database.connection = CountedConnection(database.connection, self)


class CountedConnection:
    """A SQLite connection as it is, whose commits are counted once they are done."""

    def __init__(self, connection: sqlite3.Connection, switch: Switch) -> None:
        self._connection, self._switch = connection, switch

    def commit(self) -> None:
        self._connection.commit()
        self._switch.count("commit")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def watch_renames(switch: Switch) -> None:
    """Files come to their place by a rename: before it is the middle of a write, after it the effect is there."""
    rename = os.replace

    def watched(source: Any, target: Any, **options: Any) -> None:
        switch.reach(f"{CALL.get()}:middle")
        rename(source, target, **options)
        switch.reach(f"{CALL.get()}:renamed")

    os.replace = watched
