"""The offline model and duplicates: the oldest stays, and nothing goes that others need."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime


def sql(root: Path, *statements: str) -> list[tuple[Any, ...]]:
    """The rows of the last statement."""
    connection = sqlite3.connect(root / "blog.db")
    with connection:
        rows = [connection.execute(statement).fetchall() for statement in statements][-1]
    connection.close()
    return rows


@pytest.fixture
def doubled(own_blog: Path) -> Path:
    """A blog with a duplicate who wrote something, and two who did not."""
    copied = "SELECT {}, {}, name, is_active, password_hash, created_at FROM users WHERE id = {}"
    insert = "INSERT INTO users (id, email, name, is_active, password_hash, created_at) "
    sql(
        own_blog,
        insert + copied.format(901, "upper(email)", 2),
        insert + copied.format(902, "upper(substr(email, 1, 1)) || substr(email, 2)", 2),
    )
    return own_blog


async def test_duplicates_without_rows_of_their_own_go_and_the_others_are_named(doubled: Path) -> None:
    asked: list[str] = []

    def approve(tool: str, params: dict[str, Any], request: dict[str, Any]) -> bool:
        asked.append(request["preview"])
        return True

    join = (
        "SELECT max(b.id) FROM users a JOIN users b ON lower(a.email) = lower(b.email) AND a.id < b.id AND b.id < 900"
    )
    ((author,),) = sql(doubled, join)
    posts = sql(doubled, f"SELECT count(*) FROM posts WHERE author_id = {author}")[0][0]
    before = sql(doubled, "SELECT * FROM users ORDER BY id")
    async with AgentRuntime(doubled, approval_callback=approve) as runtime:
        result = await runtime.execute("Clean up duplicate users", mode="supervised")
        assert "kept 2 (the oldest of each), deleted 2, left 1" in result.output
        assert f"id={author}," in result.output
        assert f"{posts} Post" in result.output
        assert [line.splitlines()[0] for line in asked] == ["delete 1 User row"] * 2
        assert sql(doubled, "SELECT count(*) FROM users WHERE id > 900") == [(0,)]
        assert sql(doubled, f"SELECT count(*) FROM users WHERE id IN (2, {author})") == [(2,)]
        undone = await runtime.undo(result.run_id)
    assert sorted(undone.reinserted_rows) == ["users id=901", "users id=902"]
    assert sql(doubled, "SELECT * FROM users ORDER BY id") == before


async def test_a_refused_deletion_is_told_as_such(doubled: Path) -> None:
    async with AgentRuntime(doubled, approval_callback=lambda tool, params: False) as runtime:
        result = await runtime.execute("Clean up duplicate users", mode="supervised")
    assert "deleted 0, left 3" in result.output
    assert "Not deleted:" in result.output
    assert sql(doubled, "SELECT count(*) FROM users WHERE id > 900") == [(2,)]


async def test_where_there_are_none_nothing_is_proposed(own_blog: Path) -> None:
    async with AgentRuntime(own_blog) as runtime:
        result = await runtime.execute("Remove duplicate categories")
    assert "rows have the same name" in result.output
    assert "delete_record" not in [action.tool for action in result.actions]
