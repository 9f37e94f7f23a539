"""Small real projects, written into a temporary folder: SQLAlchemy models, a Django site, an Aksara shop."""

import sqlite3
import sys
import textwrap
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aksara_shop
import django_shop
import psycopg
import pytest
from aksara_shop import AksaraShop
from answers import ask_django
from django_differences import FILTERS, PAGES
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


@pytest.fixture(scope="session")
def expected(django_site: Path) -> dict[str, Any]:
    """Expression to Django's own rows."""
    texts = [f"{text}.order_by('pk').values_list('slug')" for _, text in FILTERS] + [text for _, text in PAGES]
    keys = [text for _, text in [*FILTERS, *PAGES]]
    return dict(zip(keys, ask_django(django_site, texts), strict=True))


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


@pytest.fixture(scope="session")
def aksara_python(no_real_providers: None) -> Path:
    return aksara_shop.interpreter()


@pytest.fixture(scope="session")
def aksara_site(aksara_python: Path, postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> AksaraShop:
    """The Aksara shop with migrations and rows. Shared: a test that changes anything takes ``own_aksara``."""
    url = aksara_shop.new_database(postgres.get_uri(), "aksara_shop")
    return aksara_shop.build(AksaraShop(tmp_path_factory.mktemp("aksara") / "site", aksara_python, url))


@pytest.fixture
def own_aksara(aksara_site: AksaraShop, postgres: Any, tmp_path: Path) -> Iterator[AksaraShop]:
    """A copy for one test alone, files and database."""
    server, name = postgres.get_uri(), f"aksara_{uuid.uuid4().hex}"
    url = aksara_shop.new_database(server, name, "aksara_shop")
    yield aksara_shop.copy(aksara_site, tmp_path, url)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
