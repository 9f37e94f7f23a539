"""The store in PostgreSQL: our tables and LangGraph's checkpoints, by a pool of connections.

The driver is called in threads and blocks there, so nothing is bound to an event loop.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.postgres import PostgresSaver
from psycopg.rows import DictRow, dict_row, tuple_row
from psycopg_pool import ConnectionPool

from aksara_agent.errors import StoreError
from aksara_agent.store.database import Claim, Cursor, check
from aksara_agent.store.postgres_server import advice, configure, connection_options, make_tables, place
from aksara_agent.store.saver import FencedSaver
from aksara_agent.store.text import storable

T = TypeVar("T")
CONNECTIONS = 10
WAIT_SECONDS = 10.0  # for a connection, also while a server restarts

# The pool logs what our errors tell; without a handler Python would print it on the user's terminal.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())


class PostgresDatabase:
    """The server's database. Nothing is opened before it is used."""

    row_lock = " FOR UPDATE"

    def __init__(self, url: str) -> None:
        self._options = {**connection_options(url), "autocommit": True, "row_factory": dict_row}
        self.place = place(self._options)
        self.pool: ConnectionPool[psycopg.Connection[DictRow]] = ConnectionPool(
            kwargs=self._options,
            min_size=0,
            max_size=CONNECTIONS,
            timeout=WAIT_SECONDS,
            configure=configure,
            check=ConnectionPool.check_connection,  # a connection that the server closed meanwhile is replaced
            open=False,
        )
        self._opening = threading.Lock()
        self._is_open = False

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[DictRow]]:
        """A connection for this thread, in autocommit mode. Raises StoreError for all that fails within."""
        try:
            self._open()
            with self.pool.connection() as connection:
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
        self.pool.close()

    def _open(self) -> None:
        """Make the tables and open the pool, once. A direct connection tells at once what is wrong."""
        with self._opening:
            if not self._is_open:
                with psycopg.connect(**self._options) as connection:
                    make_tables(connection)
                self.pool.open()
                self._is_open = True


class FencedPostgresSaver(FencedSaver, PostgresSaver):
    """LangGraph's saver, whose writes of a claimed session are void once the session is taken over."""

    def __init__(self, database: PostgresDatabase) -> None:
        FencedSaver.__init__(self, database)
        PostgresSaver.__init__(self, database.pool)
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
