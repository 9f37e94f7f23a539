"""A migrated database of its own for every test, and a client that talks to the app on it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app import app
from database import create_database_engine, get_session
from models import User
from security import create_token

PROJECT_FOLDER = Path(__file__).resolve().parent.parent


def alembic_config(url: str) -> Config:
    """The project's Alembic configuration for the database at this URL."""
    config = Config(PROJECT_FOLDER / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["configure_logging"] = False
    return config


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest revision, made once and copied for each test."""
    path = tmp_path_factory.mktemp("database") / "migrated.db"
    command.upgrade(alembic_config(f"sqlite:///{path}"), "head")
    return path


@pytest.fixture
def migrations(migrated_file: Path, tmp_path: Path) -> Config:
    """The Alembic configuration for this test's own database."""
    path = shutil.copy(migrated_file, tmp_path / "blog.db")
    return alembic_config(f"sqlite:///{path}")


@pytest.fixture
def session(migrations: Config) -> Iterator[Session]:
    """A session on this test's own database, which the app uses too."""
    engine = create_database_engine(migrations.get_main_option("sqlalchemy.url") or "")
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


@pytest.fixture
def client(session: Session) -> Iterator[TestClient]:
    """A client of the app, whose requests see what `session` has committed."""

    def session_for_request() -> Iterator[Session]:
        with Session(session.get_bind(), expire_on_commit=False) as request_session:
            yield request_session

    app.dependency_overrides[get_session] = session_for_request
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()


@pytest.fixture
def author(session: Session) -> User:
    """A registered user."""
    author = User(email="ada@example.org", name="Ada", password_hash="!")
    session.add(author)
    session.commit()
    return author


@pytest.fixture
def author_headers(author: User) -> dict[str, str]:
    """The headers of a request by the author."""
    return {"Authorization": f"Bearer {create_token(author.id)}"}
