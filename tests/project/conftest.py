"""Small real projects with a SQLite file, written into a temporary folder: SQLAlchemy models and a Django site."""

import sqlite3
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import django_shop
import pytest
from django_shop_tables import MODELS
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


@pytest.fixture(scope="module")
def projects(django_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Project, str]]]:
    """Both projects on the same SQLite file, and how each names its Product."""
    tables = tmp_path_factory.mktemp("tables")
    database = MODELS.replace("{database}", str(django_site / "shop.sqlite3"))
    django_shop.write(tables, {"models.py": database})
    opened = [Project.open(tables, python=sys.executable), Project.open(django_site, python=sys.executable)]
    yield [(opened[0], "Product"), (opened[1], "shop.Product")]
    for project in opened:
        for adapter in set(project.adapters.values()):
            adapter.client.stop()  # type: ignore[attr-defined]
