"""Sends every connection that env.py makes to another database, so that nothing of the user's is touched."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Iterator

from .database import engines

Redirect = Callable[[Any, Any, Any, Any], None]
# What the statements of a migration begin with; all others only look.
CHANGING = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "COMMENT")


@contextlib.contextmanager
def redirected(root: str, redirect: Redirect) -> Iterator[None]:
    """`redirect(dialect, record, arguments, options)` changes in place how a new connection is made."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    forget_connections(root)  # one that is open already would lead to the user's database
    event.listen(Engine, "do_connect", redirect)
    try:
        yield
    finally:
        event.remove(Engine, "do_connect", redirect)
        forget_connections(root)


def forget_connections(root: str) -> None:
    from sqlalchemy.exc import SQLAlchemyError

    for _, engine in engines(root):
        try:
            engine.dispose()
        except SQLAlchemyError:  # an asynchronous pool cannot be closed from here
            engine.dispose(close=False)


@contextlib.contextmanager
def recorded(statements: list[str]) -> Iterator[None]:
    """Collects the SQL that changes something, as it is executed."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def record(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.lstrip().upper().startswith(CHANGING) and "alembic_version" not in statement:
            statements.append(statement.strip())

    event.listen(Engine, "before_cursor_execute", record)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", record)
