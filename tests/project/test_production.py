"""Which databases look like production, and are read-only until they are unlocked."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import make_url

from aksara_agent.project.failures import QueryError
from aksara_agent.project.project import Project
from aksara_agent.project.worker.database import Database
from aksara_agent.project.worker.production import VARIABLES, looks_like_production


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app@db-prod.example.org/blog",
        "postgresql://app@db/blog_production",
        "postgresql://app@db.live.example.org/blog",
        "postgresql://app@proddb.c1x.eu-west-1.rds.amazonaws.com/blog",
        "mysql://app@prd-3.example.org/blog",
        "sqlite:////srv/data/shop-prod.sqlite3",
    ],
)
def test_a_host_or_database_named_like_production_is_recognised(url: str, tmp_path: object) -> None:
    assert looks_like_production(Database(make_url(url), "test"), str(tmp_path))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app@localhost/products",
        "postgresql://app@db.example.org/delivery",
        "postgresql://production@db/blog",  # a user's name says nothing
        "postgresql://app@reproduce.example.org/olive",
        "sqlite:////home/live/prod/blog.db",
    ],
)
def test_names_that_only_sound_like_it_are_not(url: str, tmp_path: object) -> None:
    assert looks_like_production(Database(make_url(url), "test"), str(tmp_path)) is None


@pytest.mark.parametrize("name", VARIABLES)
def test_the_environment_tells(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    database = Database(make_url("sqlite:///blog.db"), "test")
    monkeypatch.setenv(name, "staging")
    assert looks_like_production(database, str(tmp_path)) is None
    monkeypatch.setenv(name, "Production")
    assert looks_like_production(database, str(tmp_path)) == f"environment variable {name}=Production"


async def test_the_projects_own_settings_tell_and_reading_stays_possible(project: Project) -> None:
    path = project.root / "database.py"
    path.write_text(path.read_text() + '\nENVIRONMENT = "production"\n')
    with pytest.raises(QueryError, match=r"database\.ENVIRONMENT is 'production'.*allow_production_writes=True"):
        await project.rows.plan({"model": "User", "action": "delete", "key": 3})
    assert (await project.query({"model": "User"}))["total"] == 3
    change = {"model": "User", "action": "update", "key": 3, "values": {"name": "X"}}
    result = await project.rows.apply(change, {"run_id": "r", "call_id": "c"}, production=True)  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="looks like a production database"):
        await project.rows.undo([result["inverse"]])
    assert (await project.rows.undo([result["inverse"]], production=True))["restored"] == ["users id=3"]
