"""The worker's SQLite connection refuses every way of writing that we know, whatever the SQL says."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aksara_agent.project.worker.database import Database
from aksara_agent.project.worker.failures import RequestError
from aksara_agent.project.worker.readonly import lock, open_sqlite, read_only

ESCAPES = [
    "INSERT INTO notes VALUES (2)",
    "UPDATE notes SET id = 5",
    "DELETE FROM notes",
    "REPLACE INTO notes VALUES (1)",
    "DROP TABLE notes",
    "ALTER TABLE notes RENAME TO other",
    "CREATE TABLE fresh (id)",
    "CREATE TEMP TABLE fresh (id)",
    "CREATE TEMP VIEW v AS SELECT 1",
    "CREATE TEMP TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE f USING fts5(x)",
    "CREATE INDEX i ON notes (id)",
    "ATTACH DATABASE '{folder}/stolen.db' AS other",
    "ATTACH DATABASE ':memory:' AS other",
    "VACUUM INTO '{folder}/stolen.db'",
    "VACUUM",
    "REINDEX",
    "ANALYZE",
    "PRAGMA query_only = OFF",
    "PRAGMA writable_schema = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA user_version = 7",
    "BEGIN IMMEDIATE",
    "SAVEPOINT s",
    "DETACH DATABASE main",
    "SELECT load_extension('{folder}/evil.so')",
    "WITH gone AS (SELECT 1) DELETE FROM notes",
    "EXPLAIN DELETE FROM notes",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY); CREATE INDEX ix ON notes (id);INSERT INTO notes VALUES (1);"
    )
    connection.close()
    return path


@pytest.fixture
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    connection = open_sqlite(str(file))
    lock(connection, time.monotonic() + 60)
    yield connection
    connection.close()


@pytest.mark.parametrize("statement", ESCAPES)
def test_no_statement_changes_the_database_or_writes_a_file(
    locked: sqlite3.Connection, file: Path, statement: str
) -> None:
    before = file.read_bytes()
    with pytest.raises(sqlite3.Error):
        locked.execute(statement.format(folder=file.parent)).fetchall()
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["notes.db"]


def test_reading_works(locked: sqlite3.Connection) -> None:
    assert locked.execute(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 3) SELECT sum(x) FROM n"
    ).fetchone() == (6,)
    assert locked.execute("SELECT upper('a'), count(*) FROM notes").fetchone() == ("A", 1)


def test_a_query_that_never_ends_is_stopped(file: Path) -> None:
    from sqlalchemy import text
    from sqlalchemy.engine import make_url

    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    with (
        pytest.raises(RequestError, match=r"took longer than 0\.2 s"),
        read_only(Database(make_url(f"sqlite:///{file}"), "test"), 0.2) as connection,
    ):
        connection.execute(text(endless)).fetchall()


def test_a_database_without_read_only_transactions_is_refused(file: Path) -> None:
    from sqlalchemy.engine import make_url

    database = Database(make_url(f"sqlite:///{file}"), "test")
    database.is_sqlite = False
    with (
        pytest.raises(RequestError, match="sqlite has no read-only transaction the worker knows"),
        read_only(database, 1),
    ):
        pytest.fail("no connection may be given")
