"""The database engine, and the sessions that the request handlers use."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

import settings


def create_database_engine(url: str) -> Engine:
    """An engine for the URL; on SQLite every connection enforces foreign keys."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", enforce_foreign_keys)
    return engine


def enforce_foreign_keys(connection: Any, _record: Any) -> None:
    """Turn on foreign keys, which SQLite ignores unless each connection asks for them."""
    connection.execute("PRAGMA foreign_keys = ON")


engine = create_database_engine(settings.DATABASE_URL)
SessionFactory = sessionmaker(engine, expire_on_commit=False)


def get_session() -> Iterator[Session]:
    """One session per request, closed when the response is ready."""
    with SessionFactory() as session:
        yield session
