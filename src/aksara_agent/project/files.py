"""The Python files of a project: which there are, whether they changed, and their text."""

from __future__ import annotations

import hashlib
import os
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SKIPPED = {
    *("__pycache__", "node_modules", "bower_components", "site-packages", "dist-packages"),
    *("build", "dist", "htmlcov", "venv", "env", "virtualenv"),
}
SETTINGS = ("alembic.ini", ".env", "pyproject.toml")
LARGEST_FILE = 2_000_000  # bytes; larger ones are generated data, not models


class SourceFile(NamedTuple):
    """A file by its relative posix path, with what tells whether it changed."""

    path: str
    modified: int  # nanoseconds
    size: int  # bytes


def python_files(root: Path) -> list[SourceFile]:
    """Every Python file outside virtual environments, caches and build output, in path order."""
    return sorted(walk(str(root), ""))


def walk(folder: str, prefix: str) -> Iterator[SourceFile]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_symlink():
            continue  # a link can leave the project or form a circle
        if entry.is_dir():
            if not skipped(entry):
                yield from walk(entry.path, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py") and entry.is_file():
            status = entry.stat()
            yield SourceFile(prefix + entry.name, status.st_mtime_ns, status.st_size)


def skipped(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name.endswith(".egg-info"):
        return True
    if entry.name in SKIPPED:
        # An application package may be called "env" or "build"; a real one of those holds no __init__.py.
        return not os.path.exists(os.path.join(entry.path, "__init__.py")) or entry.name == "__pycache__"  # noqa: PTH110, PTH118
    return os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))  # noqa: PTH110, PTH118 - hot loop


def fingerprint(root: Path, files: list[SourceFile]) -> str:
    """Changes whenever a Python file or a settings file of the project does."""
    digest = hashlib.sha256(repr(files).encode())
    for name in SETTINGS:
        try:
            status = (root / name).stat()
        except OSError:
            continue
        digest.update(f"{name} {status.st_mtime_ns} {status.st_size}".encode())
    return digest.hexdigest()


def read_source(path: Path) -> str:
    """The text decoded as Python would (PEP 263). Raises OSError, SyntaxError or UnicodeError."""
    if path.stat().st_size > LARGEST_FILE:
        raise OSError(f"larger than {LARGEST_FILE:,} bytes, skipped")
    with tokenize.open(path) as source:
        return source.read()


def is_test(path: str) -> bool:
    parts = path.split("/")
    name = parts[-1]
    in_folder = any(part in ("tests", "test", "testing") for part in parts[:-1])
    return in_folder or name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "tests.py")


def is_migration(path: str) -> bool:
    return any(part in ("migrations", "versions", "alembic") for part in path.split("/")[:-1])
