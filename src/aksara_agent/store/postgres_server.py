"""A PostgreSQL server seen from the store: where it is, what it needs to have, and what its errors mean."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from langgraph.checkpoint.postgres import PostgresSaver
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow

from aksara_agent.errors import ConfigurationError
from aksara_agent.store.schema import ADDED_COLUMNS, tables

DEFAULTS = {
    "application_name": "aksara-agent",
    "connect_timeout": "10",  # seconds
    "keepalives_idle": "30",  # seconds
    "tcp_user_timeout": "20000",  # milliseconds without an answer until a connection counts as lost
}
# A process that is stopped in a transaction must let go of its session before those who wait for it give up.
SETTINGS = ("SET lock_timeout = '10s'", "SET idle_in_transaction_session_timeout = '5s'")
MAKING_TABLES = 5_216_871_730  # the number of an advisory lock: two processes must not make the tables at once
MAKING_SECONDS = 30.0


class Closed(psycopg.OperationalError):
    """The store was closed while somebody still used it."""


class Exhausted(psycopg.OperationalError):
    """All connections are at work."""


ADVICE: tuple[tuple[type[psycopg.Error], str], ...] = (
    (Closed, "The runtime was closed while a run was at work; resume the session."),
    (Exhausted, "Run fewer sessions at once, or resume this one when others have ended."),
    (errors.InsufficientPrivilege, "Grant the user the right to create and use tables in the schema."),
    (errors.DiskFull, "Free some space on the server's disk, then resume the session."),
    (errors.LockNotAvailable, "Another process holds the session; try again."),
    (errors.IdleInTransactionSessionTimeout, "The process was stopped in the middle of a write; resume the session."),
    (errors.ReadOnlySqlTransaction, "The server takes no writes now; use the primary, then resume the session."),
    (psycopg.OperationalError, "Check the server and the URL in checkpoints=…; once it answers, resume the session."),
)


def connection_options(url: str) -> dict[str, Any]:
    """The URL taken apart, with our defaults. Raises ConfigurationError, which never shows a password."""
    try:
        options = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        options = {}
    host, port = str(options.get("host", "")), str(options.get("port", ""))
    if not options or "@" in host or set(port) - set("0123456789,"):  # where an unescaped password spills over
        raise ConfigurationError(
            f"checkpoints={url.partition('://')[0] + '://…'!r} is not a PostgreSQL URL such as "
            "'postgresql://user:password@host:5432/database'. Write special characters in the password as %XX."
        ) from None
    return {**DEFAULTS, **options}


def place(options: dict[str, Any]) -> str:
    """The server and database as people may read them, made of what is no secret."""
    user = f"{options['user']}@" if options.get("user") else ""
    port = f":{options['port']}" if options.get("port") else ""
    return f"postgresql://{user}{options.get('host', '')}{port}/{options.get('dbname', '')}"


def configure(connection: psycopg.Connection[DictRow]) -> None:
    """Tell a new connection how long to wait."""
    for setting in SETTINGS:
        connection.execute(setting)


def make_tables(connection: psycopg.Connection[DictRow]) -> None:
    """Our tables and LangGraph's, where they are missing. The lock is polled for, because LangGraph builds its
    indexes CONCURRENTLY, which waits for every statement that waits for something itself.
    """
    give_up = time.monotonic() + MAKING_SECONDS
    while not _lock(connection):
        if time.monotonic() > give_up:
            raise errors.LockNotAvailable("another process has been making the tables for too long")
        time.sleep(0.05)
    try:
        for statement in tables("BYTEA"):
            connection.execute(statement.encode())
        _add_columns(connection)
        PostgresSaver(connection).setup()
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", (MAKING_TABLES,))


def _add_columns(connection: psycopg.Connection[DictRow]) -> None:
    """Bring tables that an older version made up to date; asked first, because ALTER TABLE locks out every reader."""
    sql = "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND (table_name, column_name)"
    for table, column, kind in ADDED_COLUMNS:
        if connection.execute(f"{sql} = (%s, %s)".encode(), (table, column)).fetchone() is None:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}".encode())


def _lock(connection: psycopg.Connection[DictRow]) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s) AS got", (MAKING_TABLES,)).fetchone()
    return bool(row and row["got"])


def advice(error: psycopg.Error) -> str:
    """What to do about it."""
    found = (text for kind, text in ADVICE if isinstance(error, kind))
    return next(found, "Report this with the message above; the session can be resumed.")
