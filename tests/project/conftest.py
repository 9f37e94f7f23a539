"""Small real projects: SQLAlchemy models, an engine and a SQLite file, written into a temporary folder."""

import sqlite3
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from shop_files import SHOP, TABLES, WriteFiles

from aksara_agent.project.project import Project


@pytest.fixture
def write_files(tmp_path: Path) -> WriteFiles:
    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "app" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path / "app"

    return write


@pytest.fixture
def shop(write_files: WriteFiles) -> Path:
    """Users and posts with rows; the folder to open."""
    root = write_files(SHOP)
    connection = sqlite3.connect(root / "shop.db")
    connection.executescript(TABLES)
    connection.close()
    return root


@pytest.fixture
async def project(shop: Path) -> AsyncIterator[Project]:
    async with Project.open(shop, python=sys.executable) as opened:
        yield opened
