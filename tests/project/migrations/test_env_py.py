"""env.py as projects write it: asynchronous, with filters and hooks, or in a way that cannot be followed."""

from __future__ import annotations

import pytest
from press import ENV, Press

from aksara_agent.errors import ProjectError

TITLE = "    title: Mapped[str] = mapped_column(String(200))\n"
SLUG = "    slug: Mapped[str | None] = mapped_column(String(50))\n"
WITH_LOOP = """
import asyncio

from alembic import context
from sqlalchemy import create_engine, pool

from address import URL
from models import Base


async def run():
    await asyncio.sleep(0)
    with create_engine(URL, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()


asyncio.run(run())
"""
WITH_ASYNC_ENGINE = """
import asyncio

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from address import URL
from models import Base


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    engine = create_async_engine(URL)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
"""


def use_env(press: Press, text: str) -> None:
    (press.root / "migrations/env.py").write_text(text)


async def test_an_env_py_with_an_event_loop_runs(press: Press) -> None:
    use_env(press, WITH_LOOP)
    press.change(TITLE, TITLE + SLUG)
    assert (await press.draft())["proof"]["proven"]


async def test_an_env_py_with_an_asynchronous_engine_runs(press_on_sqlite: Press) -> None:
    pytest.importorskip("greenlet")
    pytest.importorskip("aiosqlite")
    use_env(press_on_sqlite, WITH_ASYNC_ENGINE)
    press_on_sqlite.change("sqlite:", "sqlite+aiosqlite:", "address.py")
    press_on_sqlite.change("from address import URL", "URL = None", "database.py")
    press_on_sqlite.change(TITLE, TITLE + SLUG)
    assert (await press_on_sqlite.draft())["proof"]["proven"]


async def test_tables_that_env_py_leaves_out_are_left_alone(press: Press) -> None:
    press.query("CREATE TABLE legacy (id INTEGER)")
    rule = ", include_object=lambda item, name, *rest: name != 'legacy')"
    use_env(press, ENV.replace(", render_as_batch=True)", rule).lstrip())
    press.change(TITLE, TITLE + SLUG)
    assert [item["table"] for item in (await press.draft())["operations"]] == ["posts"]


async def test_a_hook_of_env_py_may_choose_the_revision(press_on_sqlite: Press) -> None:
    hook = "def number(context, revision, directives):\n    directives[0].rev_id = 'v3'\n\n\n"
    text = ENV.replace("engine =", hook + "engine =").replace(
        "render_as_batch=True", "process_revision_directives=number"
    )
    use_env(press_on_sqlite, text.lstrip())
    press_on_sqlite.change(TITLE, TITLE + SLUG)
    assert (await press_on_sqlite.draft())["path"] == "migrations/versions/v3_add_post_slug.py"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("target_metadata=Base.metadata", "target_metadata=None", "env.py gives no target_metadata"),
        ("from models import Base", "from modles import Base", r"migrations/env\.py:\d+: ModuleNotFoundError"),
        (
            "create_engine(URL, poolclass=pool.NullPool)",
            "create_engine(URL, creator=lambda: __import__('sqlite3').connect('press.db'))",
            "cannot be led to a scratch copy",
        ),
        ("with engine.connect() as connection:", "if False:", r"never calls context\.configure"),
    ],
)
async def test_an_env_py_that_cannot_be_followed_is_refused_with_the_reason(
    press_on_sqlite: Press, old: str, new: str, words: str
) -> None:
    press_on_sqlite.change(old, new, "migrations/env.py")
    press_on_sqlite.change(TITLE, TITLE + SLUG)
    with pytest.raises(ProjectError, match=words):
        await press_on_sqlite.draft()
    assert press_on_sqlite.query("SELECT version_num FROM alembic_version") == [("0002",)]


async def test_a_model_that_env_py_does_not_know_is_not_dropped(press_on_sqlite: Press) -> None:
    press_on_sqlite.query("CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    other = (
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
        "class Other(DeclarativeBase):\n    pass\n\n\n"
        "class Note(Other):\n    __tablename__ = 'notes'\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    (press_on_sqlite.root / "notes.py").write_text(other)
    with pytest.raises(ProjectError, match="does not import Note: its tables would be dropped"):
        await press_on_sqlite.draft()
