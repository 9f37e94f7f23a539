"""A scratch copy of a SQLite database, in a temporary folder outside the project."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from typing import Any

from .failures import RequestError
from .readonly import open_sqlite


class SqliteScratch:
    """A copy of `source` with its rows, or an empty file."""

    def __init__(self, folder: str, source: str | None = None) -> None:
        handle, self.path = tempfile.mkstemp(".db", "scratch-", folder)
        os.close(handle)
        if source:
            copy(source, self.path)

    def connect(self) -> Any:
        """A connection of our own to look at the result."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        return create_engine("sqlite:///" + self.path, poolclass=NullPool).connect()

    def redirect(self, dialect: Any, record: Any, cargs: Any, cparams: Any) -> None:
        if dialect.name != "sqlite":
            message = "env.py connects to {}, but the project's database is SQLite: set the same URL in both"
            raise RequestError(message.format(dialect.name), "database")
        cargs[:1] = [self.path]
        cparams.pop("uri", None)

    def check(self, connection: Any) -> None:
        """RequestError when env.py reached another database after all."""
        from .alembic_environment import refuse_other_file

        refuse_other_file(connection, self.path)

    def drop(self) -> None:
        """Nothing: the folder belongs to whoever gave it."""


def copy(source: str, target: str) -> None:
    free = shutil.disk_usage(os.path.dirname(target)).free
    if os.path.getsize(source) * 3 > free:
        raise RequestError("a scratch copy of {} needs more than the {:,} bytes free".format(source, free), "database")
    original, scratch = open_sqlite(source), sqlite3.connect(target)
    try:
        original.backup(scratch)  # consistent, also while somebody writes
    finally:
        original.close()
        scratch.close()
