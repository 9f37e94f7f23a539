"""The store in one SQLite file: our tables and LangGraph's checkpoints, on one connection.

SQLite is called on the event loop's own thread: a commit (WAL, synchronous=NORMAL) takes less time than
the way to another thread and back, and nothing is bound to an event loop.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from langgraph.checkpoint.sqlite import SqliteSaver

from aksara_agent.errors import StoreError
from aksara_agent.store.database import Claim, Cursor, check
from aksara_agent.store.saver import FencedSaver
from aksara_agent.store.schema import ADDED_COLUMNS, tables

T = TypeVar("T")
BUSY_SECONDS = 10.0


class SqliteDatabase:
    """One connection for the whole process."""

    row_lock = ""  # BEGIN IMMEDIATE keeps every other writer out

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.lock = threading.RLock()
        with self.errors_explained():
            self.connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            weakref.finalize(self, self.connection.close)  # for runtimes that nobody closes
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
        with self.transaction() as cursor:
            for statement in tables("BLOB"):
                cursor.execute(statement)
            _add_columns(cursor)

    @contextmanager
    def transaction(self, claim: Claim | None = None) -> Iterator[Cursor]:
        """All or nothing. IMMEDIATE, so that what the fence saw still holds when the rest is written."""
        with self.lock, self.errors_explained():
            cursor = self.connection.cursor()
            try:
                if not self.connection.in_transaction:
                    cursor.execute("BEGIN IMMEDIATE")
                if claim is not None:
                    check(claim, cursor)
                yield cursor
                self.connection.commit()
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled back already; the first error is the one to tell
                    self.connection.rollback()
                raise
            finally:
                cursor.close()

    @contextmanager
    def errors_explained(self) -> Iterator[None]:
        """Turn the errors of SQLite into a StoreError that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"The session store {self.path} failed: {error}. {_advice(error)}") from error

    async def run(self, work: Callable[[], T]) -> T:
        """Do it here and now."""
        return work()

    def close(self) -> None:
        """Close the file; what was kept in memory is gone."""
        with self.lock:
            self.connection.close()


class FencedSqliteSaver(FencedSaver, SqliteSaver):
    """LangGraph's saver, whose writes of a claimed session are void once the session is taken over."""

    def __init__(self, database: SqliteDatabase) -> None:
        FencedSaver.__init__(self, database)
        SqliteSaver.__init__(self, database.connection)
        self._sqlite = database
        with database.lock, database.errors_explained():
            self.setup()
            self.conn.execute("PRAGMA synchronous=NORMAL")  # LangGraph's setup turns WAL on again, with FULL

    @contextmanager
    def cursor(self, transaction: bool = True) -> Iterator[sqlite3.Cursor]:
        """A cursor in a fenced transaction; reads go without."""
        if transaction:
            with self._sqlite.transaction(self.claim) as cursor:
                yield cursor  # type: ignore[misc]
            return
        with self._sqlite.lock, self._sqlite.errors_explained():
            reading = self.conn.cursor()
            try:
                yield reading
            finally:
                reading.close()


def _add_columns(cursor: Cursor) -> None:
    """Bring tables that an older version made up to date."""
    for table, column, kind in ADDED_COLUMNS:
        cursor.execute("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", (table, column))
        if cursor.fetchone() is None:
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")


def _advice(error: sqlite3.Error) -> str:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return "The file is damaged: move it away, and a new one is made."
    if "disk is full" in text or "disk I/O" in text:
        return "Free some space on the disk, then resume the session."
    if "locked" in text:
        return "Another process holds it; try again."
    if "closed" in text:
        return "The runtime was closed while a run was at work; resume the session."
    return "Use a folder that can be written to, or checkpoints='memory'."
