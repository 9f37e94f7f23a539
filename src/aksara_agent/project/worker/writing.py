"""A session that may write: the project's own engine, one transaction, all or nothing."""

from __future__ import annotations

import contextlib
from typing import Any, Iterator

from .failures import RequestError
from .readonly import ISOLATION, raw_connection

LIMITS = ["SET LOCAL statement_timeout = {ms}", "SET LOCAL lock_timeout = {ms}"]


@contextlib.contextmanager
def writing(database: Any, seconds: float) -> Iterator[Any]:
    """An ORM session in a transaction that has begun. Rolled back, unless the caller commits it."""
    from sqlalchemy.exc import StatementError
    from sqlalchemy.orm import Session
    from sqlalchemy.orm.exc import StaleDataError

    if database.is_sqlite:
        database.sqlite_path()  # a missing file must not be made by opening it
    session = Session(bind=engine_of(database), autoflush=False, expire_on_commit=False)
    try:
        level = ISOLATION.get(database.url.get_backend_name())
        begin(session.connection(execution_options={"isolation_level": level} if level else {}), seconds)
        yield session
    except (StatementError, StaleDataError, ImportError) as error:
        session.rollback()
        raise RequestError(refusal(error)) from error
    finally:
        session.close()


def engine_of(database: Any) -> Any:
    """The project's engine, whose events (such as PRAGMA foreign_keys) then hold here too; else one of our own."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    return database.engine or create_engine(database.url, poolclass=NullPool)


def begin(connection: Any, seconds: float) -> None:
    """Take the write lock now: what is read from here on still holds when it is written."""
    name = connection.dialect.name
    if name == "sqlite" and not raw_connection(connection).in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif name == "postgresql":
        for statement in LIMITS:
            connection.exec_driver_sql(statement.format(ms=int(seconds * 1000)))


def refusal(error: Any) -> str:
    """The database's own words, without the rows that it likes to quote: they may hold secrets."""
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    return "nothing was written, the database refused: " + cause
