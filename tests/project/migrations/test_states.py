"""Where migrations and database stand, and what is said about it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from press import Press

from aksara_agent.errors import ProjectError
from aksara_agent.project import Project
from aksara_agent.project.drift import find_drift
from aksara_agent.project.migrating import draft_migration, migration_state, set_up_files

pytestmark = pytest.mark.thorough("postgres")  # test_proofs.py has a bit of each on both databases
TITLE = "    title: Mapped[str] = mapped_column(String(200))\n"
SLUG = "    slug: Mapped[str | None] = mapped_column(String(50))\n"
OTHER_HEAD = """
revision = "0003"
down_revision = "0001"


def upgrade():
    pass


downgrade = upgrade
"""


async def test_a_database_at_head_is_said_to_be(press: Press) -> None:
    state = await press.state()
    assert (state["code"], state["heads"], state["current"], state["pending"]) == ("at_head", ["0002"], ["0002"], [])


async def test_a_database_behind_head_is_told_what_it_lacks(press: Press) -> None:
    press.alembic("downgrade", "0001")
    state = await press.state()
    assert state["code"] == "behind"
    pending = {"revision": "0002", "message": "create posts", "file": "migrations/versions/0002_create_posts.py"}
    assert state["pending"] == [pending]
    assert state["sentences"] == [
        "The database is at 0001, 1 migration behind head 0002: 0002 create posts. Run `alembic upgrade head`."
    ]


async def test_the_next_migration_can_be_made_while_the_database_is_behind(press: Press) -> None:
    press.alembic("downgrade", "0001")
    press.change(TITLE, TITLE + SLUG)
    draft = await press.draft()
    assert [(item["kind"], item["column"]) for item in draft["operations"]] == [("add_column", "slug")]
    assert draft["proof"]["steps"][0] == "upgrade the copy to 0002"
    assert press.query("SELECT version_num FROM alembic_version") == [("0001",)]


@pytest.mark.parametrize(
    ("sql", "code", "words"),
    [
        ("DROP TABLE alembic_version", "unstamped", "`alembic stamp head`"),
        ("UPDATE alembic_version SET version_num = 'beyond'", "ahead", "at revision beyond, which no file"),
    ],
)
async def test_a_database_that_does_not_fit_is_explained_and_nothing_is_made(
    press: Press, sql: str, code: str, words: str
) -> None:
    press.query(sql)
    press.change(TITLE, TITLE + SLUG)
    draft = await press.draft()
    assert (draft["state"]["code"], draft["operations"], "content" in draft) == (code, [], False)
    assert words in draft["state"]["sentences"][0]


async def test_two_heads_are_named_with_the_command_that_merges_them(press_on_sqlite: Press) -> None:
    (press_on_sqlite.root / "migrations/versions/0003_other.py").write_text(OTHER_HEAD)
    draft = await press_on_sqlite.draft()
    assert (draft["state"]["code"], "content" in draft) == ("several_heads", False)
    assert 'alembic merge -m "merge heads" 0002 0003' in draft["state"]["sentences"][0]


async def test_without_a_database_the_migrations_are_compared_and_no_file_appears(press_on_sqlite: Press) -> None:
    os.unlink(press_on_sqlite.dsn)
    press_on_sqlite.change(TITLE, TITLE + SLUG)
    draft = await press_on_sqlite.draft()
    assert draft["path"].endswith("/0003_add_post_slug.py")
    assert draft["proof"]["rows"].startswith("without rows")
    assert not Path(press_on_sqlite.dsn).exists()


async def test_a_server_that_does_not_answer_is_an_error_that_says_so(press_on_sqlite: Press) -> None:
    address = "URL = 'postgresql+psycopg://nobody@127.0.0.1:1/nothing'\n"
    (press_on_sqlite.root / "address.py").write_text(address)
    with pytest.raises(ProjectError, match="the database cannot be reached: connection failed"):
        await press_on_sqlite.state()


async def test_drift_is_told_in_sentences(press: Press) -> None:
    async with Project.open(press.root, python=sys.executable) as project:
        assert await find_drift(project) == ([], [])
    press.change(TITLE, TITLE + SLUG)
    press.query("ALTER TABLE authors ADD COLUMN by_hand INTEGER")
    async with Project.open(press.root, python=sys.executable) as project:
        drift, notes = await find_drift(project)
    assert sorted(drift) == [
        "The models need add column posts.slug, which no migration makes.",
        "The models need drop column authors.by_hand, which no migration makes.",
    ]
    assert notes == []


async def test_a_project_without_alembic_gets_it_set_up_and_its_first_migration(press: Press) -> None:
    press.query("DROP TABLE alembic_version")
    for path in [press.root / "alembic.ini", *(press.root / "migrations").rglob("*.*")]:
        path.unlink()
    for folder in ("migrations/versions", "migrations"):
        (press.root / folder).rmdir()
    (press.root / "app.py").write_text("from database import engine\nfrom sqlalchemy import text\n")
    async with Project.open(press.root, python=sys.executable) as project:
        with pytest.raises(ProjectError, match="set_up=true sets Alembic up"):
            await migration_state(project)
        files = await set_up_files(project)
        for name, text in files.items():
            (press.root / name).parent.mkdir(parents=True, exist_ok=True)
            (press.root / name).write_text(text)
        draft = await draft_migration(project)
        assert [item["kind"] for item in draft["operations"]] == ["create_table", "create_table"]
        assert draft["proof"]["proven"]
        assert "The database has 2 tables already" in draft["state"]["sentences"][1]
        press.write(draft)
        press.alembic("stamp", "head")
        press.alembic("check")
        assert (await migration_state(project))["code"] == "at_head"
        with pytest.raises(ProjectError, match=r"because there is already: alembic\.ini and migrations"):
            await set_up_files(project)


async def test_migrations_of_another_framework_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("from django.db import models\n\n\nclass Post(models.Model):\n    pass\n")
    async with Project.open(tmp_path, python=sys.executable) as project:
        with pytest.raises(ProjectError, match="migrations of Django projects cannot be made here yet"):
            await draft_migration(project)


async def test_a_folder_without_models_has_nothing_to_migrate(tmp_path: Path) -> None:
    async with Project.open(tmp_path, python=sys.executable) as project:
        with pytest.raises(ProjectError, match="no models were found"):
            await draft_migration(project)
