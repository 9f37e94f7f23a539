"""The store in one SQLite file: our tables and LangGraph's checkpoints, on one connection.

SQLite is called on the event loop's own thread: a commit (WAL, synchronous=NORMAL) takes less time than
the way to another thread and back, and nothing is bound to an event loop.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.sqlite import SqliteSaver

from aksara_agent.errors import StoreError
from aksara_agent.store.database import Claim, Cursor, check
from aksara_agent.store.schema import tables

T = TypeVar("T")
BUSY_SECONDS = 10.0


class SqliteDatabase:
    """One connection for the whole process."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.lock = threading.RLock()
        try:
            self.connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
            with self.transaction() as cursor:
                for statement in tables("BLOB"):
                    cursor.execute(statement)
        except sqlite3.Error as error:
            raise StoreError(f"The session store {self.path} cannot be used: {error}. {_advice(error)}") from error

    @contextmanager
    def transaction(self, claim: Claim | None = None) -> Iterator[Cursor]:
        """All or nothing. IMMEDIATE, so that what the fence saw still holds when the rest is written."""
        with self.lock:
            cursor = self.connection.cursor()
            try:
                if not self.connection.in_transaction:
                    cursor.execute("BEGIN IMMEDIATE")
                if claim is not None:
                    check(claim, cursor)
                yield cursor
                self.connection.commit()
            except BaseException as error:
                self.connection.rollback()
                if isinstance(error, sqlite3.Error):
                    raise StoreError(f"The session store {self.path} failed: {error}. {_advice(error)}") from error
                raise
            finally:
                cursor.close()

    async def run(self, work: Callable[[], T]) -> T:
        """Do it here and now."""
        return work()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


class FencedSqliteSaver(SqliteSaver):
    """LangGraph's saver, whose writes of a claimed session are void once the session is taken over."""

    def __init__(self, database: SqliteDatabase) -> None:
        super().__init__(database.connection)
        self._database = database
        self._claim: Claim | None = None
        self.setup()
        self.connection_settings()

    def connection_settings(self) -> None:
        """LangGraph's setup turns WAL on and leaves synchronous=FULL."""
        self.conn.execute("PRAGMA synchronous=NORMAL")

    @contextmanager
    def cursor(self, transaction: bool = True) -> Iterator[sqlite3.Cursor]:
        """A cursor in a fenced transaction; reads go without."""
        if transaction and self.is_setup:
            with self._database.transaction(self._claim) as cursor:
                yield cursor  # type: ignore[misc]
            return
        with self._database.lock:
            cursor = self.conn.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint, unless its run has been taken over."""
        with self._claimed(config):
            return super().put(config, checkpoint, metadata, new_versions)

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Save what a node wrote, unless its run has been taken over."""
        with self._claimed(config):
            super().put_writes(config, writes, task_id, task_path)

    @contextmanager
    def _claimed(self, config: RunnableConfig) -> Iterator[None]:
        with self._database.lock:
            self._claim = claim_of(config)
            try:
                yield
            finally:
                self._claim = None

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """``get_tuple``, here and now."""
        return self.get_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """``list``, here and now."""
        for found in list(self.list(config, filter=filter, before=before, limit=limit)):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """``put``, here and now."""
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """``put_writes``, here and now."""
        self.put_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """``delete_thread``, here and now."""
        self.delete_thread(thread_id)

    async def aget_delta_channel_history(self, *, config: RunnableConfig, channels: Sequence[str]) -> Mapping[str, Any]:
        """``get_delta_channel_history``, here and now."""
        return self.get_delta_channel_history(config=config, channels=channels)


def claim_of(config: RunnableConfig) -> Claim | None:
    """The claim under which a run writes; graphs that are run by hand have none."""
    configurable = config["configurable"]
    epoch = configurable.get("epoch")
    return None if epoch is None else Claim(str(configurable["thread_id"]), int(epoch))


def _advice(error: sqlite3.Error) -> str:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return "The file is damaged: move it away, and a new one is made."
    if "disk is full" in text or "disk I/O" in text:
        return "Free some space on the disk, then resume the session."
    if "locked" in text:
        return "Another process holds it; try again."
    return "Use a folder that can be written to, or checkpoints='memory'."
