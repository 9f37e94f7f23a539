"""The store in PostgreSQL: our tables and LangGraph's checkpoints, by a few connections.

The driver is called in threads and blocks there, so nothing is bound to an event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import psycopg
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.postgres import PostgresSaver
from psycopg.rows import DictRow, tuple_row

from aksara_agent.errors import StoreError
from aksara_agent.store.database import Claim, Cursor, check
from aksara_agent.store.postgres_connections import Connections
from aksara_agent.store.postgres_server import advice, connection_options, place
from aksara_agent.store.saver import FencedSaver
from aksara_agent.store.text import storable

T = TypeVar("T")


class PostgresDatabase:
    """The server's database. Nothing is opened before it is used."""

    row_lock = " FOR UPDATE"

    def __init__(self, url: str) -> None:
        options = connection_options(url)
        self.place = place(options)
        self._connections = Connections(options)

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        """A connection for this thread, in autocommit mode. Raises StoreError for all that fails within."""
        try:
            with self._connections.lend() as connection:
                yield connection
        except psycopg.Error as error:
            said = " ".join(str(error).split())
            raise StoreError(f"The session store {self.place} failed: {said}. {advice(error)}") from error

    @contextmanager
    def transaction(self, claim: Claim | None = None) -> Iterator[Cursor]:
        """All or nothing. The fence locks the session's row, so that what it saw still holds at the commit."""
        with self.connection() as connection, connection.transaction():
            cursor = _QuestionMarks(connection)
            if claim is not None:
                check(claim, cursor, self.row_lock)
            yield cursor

    async def run(self, work: Callable[[], T]) -> T:
        """Do it in a thread. Who is cancelled waits for its end: nothing is written behind anybody's back."""
        working = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            await asyncio.wait([working])
            if not working.cancelled():
                working.exception()  # the caller hears of the cancellation
            raise

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()


class FencedPostgresSaver(FencedSaver, PostgresSaver):
    """LangGraph's saver, whose writes of a claimed session are void once the session is taken over."""

    def __init__(self, database: PostgresDatabase) -> None:
        FencedSaver.__init__(self, database)
        PostgresSaver.__init__(self, cast(Any, None))  # the database opens its connections when they are needed
        self._postgres = database

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint. Raises SessionTakenOver and StoreError."""
        values = checkpoint["channel_values"]  # text among them becomes JSON in the database
        texts = {name: storable(value) for name, value in values.items() if isinstance(value, str)}
        return super().put(config, {**checkpoint, "channel_values": {**values, **texts}}, metadata, new_versions)

    @contextmanager
    def _cursor(self, *, pipeline: bool = False) -> Iterator[psycopg.Cursor[DictRow]]:
        """LangGraph's cursor; ``pipeline`` is how it asks for one to write, which here is one fenced transaction."""
        with self._postgres.connection() as connection:
            if not pipeline:
                with connection.cursor(binary=True) as cursor:
                    yield cursor
                return
            with connection.transaction(), connection.cursor(binary=True) as cursor:
                if self.claim is not None:
                    check(self.claim, _QuestionMarks(connection), self._postgres.row_lock)
                yield cursor


class _QuestionMarks:
    """A cursor that takes SQL and gives rows as SQLite does."""

    def __init__(self, connection: psycopg.Connection[DictRow]) -> None:
        self._cursor = connection.cursor(row_factory=tuple_row)
        self.fetchone, self.fetchall = self._cursor.fetchone, self._cursor.fetchall

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        text = sql.replace("%", "%%").replace("?", "%s")
        return self._cursor.execute(text.encode(), parameters)
