"""The connections to a PostgreSQL server: idle ones are kept, lost ones replaced.

psycopg's own pool tries again ever more seldom while a server is away, and would not notice for minutes that
it is back; it also says only that it waited, not what was wrong.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row

from aksara_agent.store.postgres_server import Closed, Exhausted, configure, make_tables

Connection = psycopg.Connection[DictRow]
AT_ONCE = 10
WAIT_SECONDS = 10.0  # for a connection that others use, and for a server that restarts
BETWEEN_ATTEMPTS = 0.2  # seconds


class Connections:
    """Lends each thread a connection of its own. Nothing is opened before it is asked for."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._idle: list[Connection] = []
        self._free = threading.Semaphore(AT_ONCE)
        self._opening = threading.Lock()
        self._has_tables = self._is_closed = False
        weakref.finalize(self, _close_all, self._idle)  # for runtimes that nobody closes

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """A connection in autocommit mode. Raises psycopg's errors."""
        if not self._free.acquire(timeout=WAIT_SECONDS):
            raise Exhausted(f"all {AT_ONCE} connections have been at work for {WAIT_SECONDS:g} s")
        try:
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close what is idle; what is at work is closed when it comes back."""
        self._is_closed = True
        _close_all(self._idle)

    def _take(self) -> Connection:
        """The connection that was used last, unless the server has closed it meanwhile, or a new one."""
        if self._is_closed:
            raise Closed("it is closed")
        with suppress(IndexError):
            while True:
                connection = self._idle.pop()
                try:
                    connection.execute("")
                except psycopg.Error:
                    connection.close()
                else:
                    return connection
        return self._connect()

    def _give_back(self, connection: Connection) -> None:
        if self._is_closed or connection.info.transaction_status != TransactionStatus.IDLE:
            connection.close()
        else:
            self._idle.append(connection)

    def _connect(self) -> Connection:
        """A new connection. What is wrong at the start is told at once; later a restart may be all it is."""
        with self._opening:
            if not self._has_tables:
                with self._connected() as connection:
                    make_tables(connection)
                self._has_tables = True
        give_up = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return self._connected()
            except psycopg.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(BETWEEN_ATTEMPTS)

    def _connected(self) -> Connection:
        connection = Connection.connect(**self._options, autocommit=True, row_factory=dict_row)
        configure(connection)
        return connection


def _close_all(idle: list[Connection]) -> None:
    with suppress(IndexError):
        while True:
            idle.pop().close()
