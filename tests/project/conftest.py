"""Small real projects with a SQLite file, written into a temporary folder: SQLAlchemy models and a Django site."""

import sqlite3
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import django_shop
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


@pytest.fixture(scope="session")
def django_site(tmp_path_factory: pytest.TempPathFactory, no_real_providers: None) -> Path:
    """The Django shop with migrations and rows. Shared: a test that changes files takes ``own_site``."""
    return django_shop.build(tmp_path_factory.mktemp("django") / "site")


@pytest.fixture
def own_site(django_site: Path, tmp_path: Path) -> Path:
    return django_shop.copy(django_site, tmp_path)
