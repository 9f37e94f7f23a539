"""The press on SQLite and on PostgreSQL, migrated once and copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from press import ROWS, Press, write_press
from psycopg.conninfo import conninfo_to_dict


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory, no_real_providers: None) -> Path:
    """A SQLite file at head with rows."""
    root = tmp_path_factory.mktemp("press")
    file = root / "press.db"
    Press(write_press(root, f"sqlite:///{file}"), "sqlite", str(file)).alembic("upgrade", "head")
    connection = sqlite3.connect(file)
    connection.executescript(ROWS)
    connection.close()
    return file


@pytest.fixture(scope="session")
def filled_database(postgres: Any, tmp_path_factory: pytest.TempPathFactory, no_real_providers: None) -> str:
    """The name of a PostgreSQL database at head with rows."""
    name, host = f"press_{uuid.uuid4().hex}", conninfo_to_dict(postgres.get_uri())["host"]
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    url = f"postgresql+psycopg://postgres@/{name}?host={host}"
    dsn = f"host={host} user=postgres dbname={name}"
    Press(write_press(tmp_path_factory.mktemp("press"), url), "postgres", dsn).alembic("upgrade", "head")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(ROWS)  # type: ignore[arg-type]
    return name


@pytest.fixture
def press_on_sqlite(filled_file: Path, tmp_path: Path) -> Press:
    root = write_press(tmp_path / "press", f"sqlite:///{tmp_path}/press/press.db")
    file = shutil.copy(filled_file, root / "press.db")
    return Press(root, "sqlite", str(file))


@contextmanager
def on_postgres(postgres: Any, filled_database: str, root: Path) -> Iterator[Press]:
    name, host = f"press_{uuid.uuid4().hex}", conninfo_to_dict(postgres.get_uri())["host"]
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {filled_database}")  # type: ignore[arg-type]
    write_press(root, f"postgresql+psycopg://postgres:hunter2@/{name}?host={host}")
    yield Press(root, "postgres", f"host={host} user=postgres dbname={name}")
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'aksara_scratch%'").fetchall()
    assert left == [], "a scratch database was left behind"


@pytest.fixture
def press_on_postgres(postgres: Any, filled_database: str, tmp_path: Path) -> Iterator[Press]:
    with on_postgres(postgres, filled_database, tmp_path / "press") as press:
        yield press


@pytest.fixture(params=["sqlite", "postgres"])
def press(request: pytest.FixtureRequest) -> Press:
    """On each database in turn."""
    found: Press = request.getfixturevalue(f"press_on_{request.param}")
    return found
