"""The store as a whole, opened from one setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver

from aksara_agent.errors import ConfigurationError, StoreError
from aksara_agent.store.database import Claim, Database
from aksara_agent.store.journal import SqlJournal
from aksara_agent.store.runs import Runs
from aksara_agent.store.sessions import Sessions

FOLDER = ".aksara"
FILE = "sessions.db"


class Store:
    """Sessions, runs, checkpoints and the journal, all in one database."""

    def __init__(self, database: Database, saver: BaseCheckpointSaver[Any]) -> None:
        self.database, self.saver = database, saver
        self.sessions, self.runs = Sessions(database), Runs(database)

    def close(self) -> None:
        """Close the file or the connections. What was kept in memory is gone; of the rest nothing is lost."""
        self.database.close()

    def journal(self, claim: Claim | None = None) -> SqlJournal:
        """The journal for the run that holds the claim."""
        return SqlJournal(self.database, claim)


def open_store(where: str, root: Path) -> Store:
    """The store for a setting: ``sqlite`` (a file in the project), ``memory``, a path, or a PostgreSQL URL.

    Raises StoreError for a place that cannot be used; a PostgreSQL server is connected to when first used.
    """
    if where.startswith(("postgresql://", "postgres://")):
        return _postgres(where)
    from aksara_agent.store.sqlite import FencedSqliteSaver, SqliteDatabase

    path = ":memory:" if where == "memory" else str(_file(root) if where == "sqlite" else root / where)
    database = SqliteDatabase(path)
    return Store(database, FencedSqliteSaver(database))


def _postgres(url: str) -> Store:
    try:
        from aksara_agent.store.postgres import FencedPostgresSaver, PostgresDatabase
    except ImportError as error:
        raise ConfigurationError(
            f"checkpoints in PostgreSQL need: pip install 'aksara-agent[postgres]' ({error})."
        ) from error
    database = PostgresDatabase(url)
    return Store(database, FencedPostgresSaver(database))


def _file(root: Path) -> Path:
    """The file inside the project, in a folder that git leaves alone and only its owner can read."""
    folder = root / FOLDER
    try:
        make_private(folder)
        file = folder / FILE
        file.touch(mode=0o600, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be used: {error.strerror}. Make it writable, or use checkpoints='memory'."
        ) from error
    return file


def make_private(folder: Path) -> None:
    """Make a folder that git leaves alone and only its owner can read. Raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
