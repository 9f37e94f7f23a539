"""Writing rows where the database itself watches over nothing, and where a project is unusual."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from aksara_agent.project.failures import ProjectError, QueryError
from aksara_agent.project.project import Project

CALL: Any = {"run_id": "r", "call_id": "c"}
UNUSUAL = """
    import sqlalchemy as sa
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    engine = sa.create_engine("sqlite:///app.db")

    class Base(DeclarativeBase):
        pass

    class Loud(sa.types.TypeDecorator):
        impl = sa.String(10)
        cache_ok = True

        def process_bind_param(self, value, dialect):
            return value and value.upper()

    class Word(Base):
        __tablename__ = "words"
        id: Mapped[int] = mapped_column(primary_key=True)
        text: Mapped[str] = mapped_column(Loud)
        length: Mapped[int] = mapped_column(sa.Computed("length(text)"))

        def __init__(self, text):
            raise RuntimeError("nobody calls this")

    class Audit(Base):
        __tablename__ = "audit"
        id: Mapped[int] = mapped_column(primary_key=True)
        what: Mapped[str]

    @sa.event.listens_for(sa.orm.Session, "before_flush")
    def write_down(session, *_):
        for one in session.new:
            if isinstance(one, Word):
                session.add(Audit(what=one.text))
"""
TABLES = """
    CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL, length INTEGER AS (length(text)));
    CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT NOT NULL);
    INSERT INTO words (id, text) VALUES (1, 'as it was written');
"""


@pytest.fixture
async def unusual(write_files: Any) -> AsyncIterator[Project]:
    root: Path = write_files({"models.py": UNUSUAL})
    connection = sqlite3.connect(root / "app.db")
    connection.executescript(TABLES)
    connection.close()
    async with Project.open(root) as project:
        yield project


def rows(root: Path, file: str, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(root / file)
    found = connection.execute(statement).fetchall()
    connection.close()
    return found


async def test_no_row_is_orphaned_even_where_the_database_would_allow_it(project: Project) -> None:
    with pytest.raises(QueryError, match=r"3 rows by posts\.author_id still refer to it"):
        await project.rows.apply({"model": "User", "action": "delete", "key": 1}, CALL)
    assert rows(project.root, "shop.db", "SELECT count(*) FROM users") == [(3,)]


async def test_a_database_behind_the_models_is_told_and_never_made(project: Project) -> None:
    (project.root / "shop.db").unlink()
    for step in (project.rows.plan, lambda change: project.rows.apply(change, CALL)):
        with pytest.raises(ProjectError, match=r"shop\.db does not exist yet; run your migrations"):
            await step({"model": "User", "action": "delete", "key": 1})
    assert not (project.root / "shop.db").exists()
    sqlite3.connect(project.root / "shop.db").close()
    with pytest.raises(ProjectError, match="no such table"):
        await project.rows.apply({"model": "User", "action": "delete", "key": 1}, CALL)


async def test_types_of_the_projects_own_work_and_old_rows_come_back_as_they_were(unusual: Project) -> None:
    before = rows(unusual.root, "app.db", "SELECT * FROM words")
    change: Any = {"model": "Word", "action": "update", "key": 1, "values": {"text": "loud"}}
    result = await unusual.rows.apply(change, CALL)
    assert result["rows"] == [{"id": 1, "text": "LOUD", "length": 4}]
    assert (await unusual.query({"model": "Word", "filters": {"text": "loud"}}))["total"] == 1
    await unusual.rows.undo([result["inverse"]])
    assert rows(unusual.root, "app.db", "SELECT * FROM words") == before
    with pytest.raises(QueryError, match="text takes at most 10 characters, not 11"):
        await unusual.rows.plan({**change, "values": {"text": "x" * 11}})
    with pytest.raises(QueryError, match=r"Word\.length is computed by the database"):
        await unusual.rows.plan({**change, "values": {"length": 3}})


async def test_what_the_projects_own_events_write_is_told(unusual: Project) -> None:
    result = await unusual.rows.apply({"model": "Word", "action": "create", "values": {"text": "new"}}, CALL)
    assert result["notes"] == ["the project's own code also wrote 1 Audit rows, which undo leaves alone"]
    assert rows(unusual.root, "app.db", "SELECT what FROM audit") == [("new",)]
