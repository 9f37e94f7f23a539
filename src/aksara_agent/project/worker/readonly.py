"""Connections that cannot write: the database engine refuses, whatever the statement says."""

from __future__ import annotations

import contextlib
import pathlib
import sqlite3
import time
from typing import Any, Callable, Iterator

from .failures import RequestError

STEPS_BETWEEN_CHECKS = 1000
FORBIDDEN_FUNCTIONS = {"load_extension", "fts3_tokenizer"}
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
# Statements that make the rest of the transaction read-only and bounded; {ms} is the timeout.
READ_ONLY = {
    "postgresql": [
        "SET TRANSACTION READ ONLY",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",  # for who ends this transaction; undone with it
        "SET LOCAL statement_timeout = {ms}",
        "SELECT 1",  # after its first query a transaction cannot become writable again
    ],
    "mysql": ["SET SESSION TRANSACTION READ ONLY", "SET SESSION max_execution_time = {ms}"],
    "mariadb": ["SET SESSION TRANSACTION READ ONLY", "SET SESSION max_statement_time = {seconds}"],
    "oracle": ["SET TRANSACTION READ ONLY"],
}
# An engine in AUTOCOMMIT has no transaction that could be read-only, or rolled back.
ISOLATION = {"postgresql": "READ COMMITTED", "mysql": "REPEATABLE READ", "mariadb": "REPEATABLE READ"}


@contextlib.contextmanager
def read_only(database: Any, seconds: float) -> Iterator[Any]:
    """A SQLAlchemy connection that can only read, rolled back and closed at the end.

    RequestError when the time is over or the database cannot promise to be read-only.
    """
    deadline = time.monotonic() + seconds
    connection = connect_sqlite(database, deadline) if database.is_sqlite else connect_server(database, seconds)
    from sqlalchemy.exc import DBAPIError

    try:
        yield connection
    except DBAPIError as error:
        raise RequestError(explain(str(error.orig), deadline, seconds), "database") from error
    finally:
        connection.rollback() if hasattr(connection, "rollback") else None
        connection.close()


def connect_sqlite(database: Any, deadline: float) -> Any:
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    path = database.sqlite_path()
    engine = create_engine("sqlite://", creator=lambda: open_sqlite(path), poolclass=NullPool)
    connection = engine.connect()
    # Only now: SQLAlchemy itself asks one PRAGMA when it makes its first connection.
    lock(raw_connection(connection), deadline)
    return connection


def raw_connection(connection: Any) -> Any:
    pooled = connection.connection
    return getattr(pooled, "dbapi_connection", None) or pooled.connection


def open_sqlite(path: str) -> sqlite3.Connection:
    return sqlite3.connect(pathlib.Path(path).as_uri() + "?mode=ro", uri=True, isolation_level=None)


def lock(connection: sqlite3.Connection, deadline: float) -> None:
    """mode=ro alone allows ATTACH, VACUUM INTO and temporary tables; the authorizer refuses them."""
    connection.set_authorizer(authorize)
    if hasattr(connection, "setlimit"):  # Python 3.11
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_progress_handler(past(deadline), STEPS_BETWEEN_CHECKS)


def authorize(action: int, first: Any, second: Any, schema: Any, trigger: Any) -> int:
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if str(second).lower() in FORBIDDEN_FUNCTIONS else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def past(deadline: float) -> Callable[[], int]:
    return lambda: int(time.monotonic() > deadline)


def connect_server(database: Any, seconds: float) -> Any:
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    name = database.url.get_backend_name()
    if name not in READ_ONLY:
        message = "{} has no read-only transaction the worker knows; known: sqlite, {}"
        raise RequestError(message.format(name, ", ".join(sorted(READ_ONLY))), "database")
    try:
        connection = (database.engine or create_engine(database.url, poolclass=NullPool)).connect()
        if name in ISOLATION:
            connection = connection.execution_options(isolation_level=ISOLATION[name])
    except (DBAPIError, ImportError) as error:
        cause = getattr(error, "orig", None) or error
        message = "no connection to {}: {}".format(database.shown_url, str(cause).strip())
        raise RequestError(message, "database") from error
    for statement in READ_ONLY[name]:
        connection.execute(text(statement.format(ms=int(seconds * 1000), seconds=seconds)))
    return connection


def explain(cause: str, deadline: float, seconds: float) -> str:
    """What the driver said, as a sentence that says what to do."""
    cause = cause.strip()
    if time.monotonic() > deadline or "statement timeout" in cause:
        return "the query took longer than {:g} s and was stopped; filter on an indexed field".format(seconds)
    if "no such table" in cause or "does not exist" in cause or "no such column" in cause:
        return "{}: the database is behind the models; run your migrations".format(cause.splitlines()[0])
    return "the database refused the query: " + cause
