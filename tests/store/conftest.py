"""The same tests on every kind of store: a SQLite file, memory, and a real PostgreSQL server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from aksara_agent.store.store import Store, open_store

LASTING = ("sqlite", "postgres")  # the stores that outlive their process


def where(kind: str, request: pytest.FixtureRequest) -> str:
    """The setting ``checkpoints`` for a kind of store; the server starts only for those who ask for it."""
    return str(request.getfixturevalue("postgres_url")) if kind == "postgres" else kind


@pytest.fixture(params=["sqlite", "memory", "postgres"])
def checkpoints(request: pytest.FixtureRequest) -> str:
    """The setting for each kind of store in turn."""
    return where(request.param, request)


@pytest.fixture(params=LASTING)
def lasting(request: pytest.FixtureRequest) -> str:
    """The setting for each kind of store that another process can open."""
    return where(request.param, request)


@pytest.fixture
def store(checkpoints: str, tmp_path: Path) -> Iterator[Store]:
    """An open store of each kind."""
    opened = open_store(checkpoints, tmp_path)
    yield opened
    opened.close()


@contextmanager
def other_process(what: str, **arguments: Any) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Another process that does something with the store, and what it said first. Killed at the end."""
    command = [sys.executable, str(Path(__file__).with_name("other_process.py")), json.dumps([what, arguments])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.fixture
def elsewhere() -> Callable[..., AbstractContextManager[tuple[subprocess.Popen[str], dict[str, Any]]]]:
    """``other_process``, for tests, which cannot import this file by name."""
    return other_process
