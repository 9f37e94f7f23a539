"""A migration that would lose rows, or cannot be taken back, is not written."""

from __future__ import annotations

import sys

import psycopg
import pytest
from press import Press

from aksara_agent.errors import ProjectError
from aksara_agent.project import Project
from aksara_agent.project.migrating import draft_migration

TITLE = "    title: Mapped[str] = mapped_column(String(200))\n"
NAME = "    name: Mapped[str] = mapped_column(String(80))\n"
SLUG = "    slug: Mapped[str | None] = mapped_column(String(50))\n"
DOWNGRADE = '    ${downgrades if downgrades else "pass"}'
UPGRADE = '    ${upgrades if upgrades else "pass"}'
ENFORCED = """
from sqlalchemy import event


@event.listens_for(engine, "connect")
def enforce(connection, record):
    connection.execute("PRAGMA foreign_keys = ON")
"""


def use_the_application_s_engine(press: Press) -> None:
    """An env.py that shares the engine whose connections enforce foreign keys."""
    press.change("engine = create_engine(URL)\n", "engine = create_engine(URL)\n" + ENFORCED, "database.py")
    press.change(
        "engine = create_engine(URL, poolclass=pool.NullPool)", "from database import engine", "migrations/env.py"
    )


@pytest.mark.parametrize(
    ("place", "code", "step"),
    [
        (DOWNGRADE, "    raise RuntimeError('no way back')", "'downgrade to 0002': RuntimeError: no way back"),
        (DOWNGRADE, "    pass", "'the downgrade leads back': columns of posts differ"),
        (UPGRADE, "    pass", "'no drift is left': add_column posts"),
        (
            UPGRADE,
            UPGRADE + "\n    op.execute('DELETE FROM posts WHERE id = 3')",
            "'rows are kept': posts had 3 rows and has 2",
        ),
        (
            UPGRADE,
            UPGRADE + "\n    op.execute(\"UPDATE posts SET title = 'x'\")",
            "'rows are kept': the values of posts.title changed",
        ),
    ],
)
async def test_a_step_that_fails_is_named_and_nothing_is_written(
    press: Press, place: str, code: str, step: str
) -> None:
    press.change(place, code, "migrations/script.py.mako")
    press.change(TITLE, TITLE + SLUG)
    with pytest.raises(ProjectError) as refused:
        await press.draft()
    assert step in str(refused.value)
    assert "nothing was written" in str(refused.value)
    assert press.query("SELECT count(*) FROM posts") == [(3,)]


async def test_rebuilding_a_table_never_deletes_the_rows_that_refer_to_it(press_on_sqlite: Press) -> None:
    use_the_application_s_engine(press_on_sqlite)
    press_on_sqlite.change(NAME, NAME.replace("80", "90"))
    with pytest.raises(ProjectError, match=r"foreign_keys=ON, and rebuilding authors .* the rows of posts"):
        await press_on_sqlite.draft()


async def test_a_table_that_nobody_refers_to_may_be_rebuilt_with_foreign_keys_on(press_on_sqlite: Press) -> None:
    use_the_application_s_engine(press_on_sqlite)
    press_on_sqlite.change(TITLE, TITLE.replace("200", "300"))
    assert (await press_on_sqlite.draft())["proof"]["proven"]


async def test_rows_are_copied_while_somebody_is_connected(press_on_postgres: Press) -> None:
    press_on_postgres.change(TITLE, TITLE + SLUG)
    with psycopg.connect(press_on_postgres.dsn):
        draft = await press_on_postgres.draft()
    assert draft["proof"]["rows"] == "with all rows, in tables made by the migrations"


async def test_a_role_that_may_not_create_databases_gets_the_file_and_is_told(press_on_postgres: Press) -> None:
    press_on_postgres.query("CREATE ROLE guest LOGIN")
    press_on_postgres.query("GRANT ALL ON ALL TABLES IN SCHEMA public TO guest")
    try:
        press_on_postgres.change("postgres:hunter2@", "guest@", "address.py")
        press_on_postgres.change(TITLE, TITLE + SLUG)
        draft = await press_on_postgres.draft()
        assert draft["path"].endswith("/0003_add_post_slug.py")
        assert not draft["proof"]["proven"]
        assert "permission denied to create database" in draft["proof"]["why"]
    finally:
        press_on_postgres.query("DROP OWNED BY guest")
        press_on_postgres.query("DROP ROLE guest")


async def test_no_scratch_database_is_made_on_a_production_server_unless_allowed(
    press_on_postgres: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    press_on_postgres.change(TITLE, TITLE + SLUG)
    draft = await press_on_postgres.draft()
    assert "looks like a production database" in draft["proof"]["why"]
    async with Project.open(press_on_postgres.root, python=sys.executable) as project:
        assert (await draft_migration(project, production=True))["proof"]["proven"]


async def test_a_check_without_a_name_is_not_lost_when_its_table_is_rebuilt(press_on_sqlite: Press) -> None:
    """SQLite's batch mode copies constraints by their names."""
    press_on_sqlite.change('CheckConstraint("price >= 0", name="price_positive")', 'CheckConstraint("price >= 0")')
    press_on_sqlite.change('    "ck": "ck_%(table_name)s_%(constraint_name)s",\n', "")
    press_on_sqlite.change('name="post_status", create_constraint=True', 'name="post_status"')
    press_on_sqlite.query("DROP TABLE posts")
    press_on_sqlite.query(
        "CREATE TABLE posts (id INTEGER NOT NULL, title VARCHAR(200) NOT NULL, subtitle VARCHAR(200),"
        " price INTEGER NOT NULL, status VARCHAR(5) DEFAULT 'draft' NOT NULL, author_id INTEGER NOT NULL,"
        " CONSTRAINT pk_posts PRIMARY KEY (id), CHECK (price >= 0),"
        " CONSTRAINT fk_posts_author_id FOREIGN KEY(author_id) REFERENCES authors (id) ON DELETE CASCADE)"
    )
    assert (await press_on_sqlite.draft())["operations"] == []
    press_on_sqlite.change(TITLE, TITLE.replace("200", "300"))
    with pytest.raises(ProjectError, match="a CHECK of posts that has no name would be lost"):
        await press_on_sqlite.draft()
