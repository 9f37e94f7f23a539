"""Rows that an agent changes: shown before, changed as approved, taken back whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.errors import UndoRefused
from aksara_agent.testing import ScriptedModel, call, calls, says


def sql(root: Path, statement: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(root / "blog.db")
    with connection:
        rows = connection.execute(statement).fetchall()
    connection.close()
    return rows


def dump(root: Path) -> list[str]:
    """Every row of the database, in any order."""
    connection = sqlite3.connect(root / "blog.db")
    lines = sorted(connection.iterdump())
    connection.close()
    return lines


def duplicates(root: Path) -> tuple[int, int]:
    """The user whose address is written in capitals, and the one who had it first."""
    join = "SELECT b.id, a.id FROM users a JOIN users b ON lower(a.email) = lower(b.email) AND a.id < b.id"
    (pair,) = sql(root, join)
    return pair


def clean_up(double: int, original: int) -> ScriptedModel:
    move = {"filters": {"author_id": double}, "values": {"author_id": original}}
    return ScriptedModel(
        calls(call("query_records", model="User", fields=["id", "email"], order_by=["email"])),
        calls(call("update_record", model="Post", **move), call("update_record", model="Comment", **move)),
        calls(call("delete_record", model="User", key=double)),
        says("One duplicate is gone."),
    )


async def test_duplicate_users_are_cleaned_up_under_supervision_and_brought_back(own_blog: Path) -> None:
    before, (double, original) = dump(own_blog), duplicates(own_blog)
    posts = sql(own_blog, f"SELECT count(*) FROM posts WHERE author_id = {double}")[0][0]
    asked: list[str] = []

    def approve(tool: str, params: dict[str, Any], request: dict[str, Any]) -> bool:
        asked.append(request["preview"])
        return True

    model = clean_up(double, original)
    async with AgentRuntime(own_blog, model=model, approval_callback=approve) as runtime:
        result = await runtime.execute("Clean up duplicate users", mode="supervised")
        assert [(action.tool, action.status) for action in result.actions[1:]] == [
            ("update_record", "done"),
            ("update_record", "done"),
            ("delete_record", "done"),
        ]
        assert f"update {posts} Post row" in asked[0]
        assert f"-   author_id: {double}\n+   author_id: {original}" in asked[0]
        assert f"delete 1 User row\n- id={double}, email=" in asked[2]
        assert "password" not in "".join(asked) + str(result.actions)
        assert sql(own_blog, f"SELECT count(*) FROM users WHERE id = {double}") == [(0,)]
        assert sql(own_blog, f"SELECT count(*) FROM posts WHERE author_id = {double}") == [(0,)]
        undone = await runtime.undo(result.run_id)
        assert undone.reinserted_rows == [f"users id={double}"]
        assert len(undone.restored_rows) >= posts
        assert (undone.deleted_rows, undone.not_undone) == ([], [])
        assert dump(own_blog) == before
        again = await runtime.undo(result.run_id)
        assert (again.restored_rows, again.reinserted_rows, again.not_undone) == ([], [], [])
    assert dump(own_blog) == before


async def test_an_approval_holds_only_for_the_rows_that_were_shown(own_blog: Path) -> None:
    def approve(tool: str, params: dict[str, Any], request: dict[str, Any]) -> bool:
        assert "update 2 Tag rows" in request["preview"]
        sql(own_blog, "UPDATE tags SET name = 'meanwhile' WHERE id = 2")
        return True

    change = calls(call("update_record", model="Tag", filters={"id__in": [2, 3]}, values={"name": "one"}, limit=5))
    async with AgentRuntime(own_blog, model=ScriptedModel(change, says("No.")), approval_callback=approve) as runtime:
        result = await runtime.execute("Rename", mode="supervised")
    assert result.actions[0].status == "failed"
    assert "the rows changed after they were approved" in str(result.actions[0].error)
    assert sql(own_blog, "SELECT count(*) FROM tags WHERE name = 'one'") == [(0,)]


async def test_an_approval_given_later_by_another_process_is_bound_as_well(own_blog: Path) -> None:
    for meanwhile, status in ((False, "done"), (True, "failed")):
        model = ScriptedModel(calls(call("delete_record", model="Comment", key=1 + meanwhile)), says("Done."))
        async with AgentRuntime(own_blog, model=model) as runtime:
            waiting = await runtime.execute("Delete a comment")  # delete_record always asks
            assert waiting.stop_reason == "interrupted"
        if meanwhile:
            sql(own_blog, "UPDATE comments SET body = 'edited since' WHERE id = 2")
        async with AgentRuntime(own_blog, model=model) as runtime:
            result = await runtime.resume(waiting.session_id, decisions=[True])
            assert result.actions[0].status == status
    assert sql(own_blog, "SELECT id FROM comments WHERE id < 3") == [(2,)]


async def test_undo_of_rows_and_files_is_refused_as_a_whole_when_one_was_changed_since(own_blog: Path) -> None:
    steps = (
        calls(call("write_file", path="note.txt", content="mine")),
        calls(call("create_record", model="Tag", values={"name": "fresh"})),
        calls(call("update_record", model="Post", key=1, values={"title": "New"})),
    )
    async with AgentRuntime(own_blog, model=ScriptedModel(*steps, says("Done."))) as runtime:
        result = await runtime.execute("Change")
        (fresh,) = sql(own_blog, "SELECT id FROM tags WHERE name = 'fresh'")[0]
        sql(own_blog, "UPDATE posts SET title = 'By somebody else' WHERE id = 1")
        before = dump(own_blog)
        with pytest.raises(UndoRefused, match="Nothing was undone: posts id=1 changed after the run"):
            await runtime.undo(result.run_id)
        assert (own_blog / "note.txt").exists()
        assert dump(own_blog) == before

        sql(own_blog, "UPDATE posts SET title = 'New' WHERE id = 1")
        sql(own_blog, f"INSERT INTO post_tags VALUES (3, {fresh})")
        with pytest.raises(UndoRefused, match=f"rows of post_tags refer to tags id={fresh}"):
            await runtime.undo(result.run_id)
        sql(own_blog, f"DELETE FROM post_tags WHERE tag_id = {fresh}")
        (own_blog / "note.txt").write_text("yours")
        with pytest.raises(UndoRefused, match=r"note\.txt changed after the run"):
            await runtime.undo(result.run_id)
        assert sql(own_blog, f"SELECT name FROM tags WHERE id = {fresh}") == [("fresh",)]
        (own_blog / "note.txt").write_text("mine")
        undone = await runtime.undo(result.run_id)
    assert (undone.deleted, undone.deleted_rows, undone.restored_rows) == (
        ["note.txt"],
        [f"tags id={fresh}"],
        ["posts id=1"],
    )


async def test_a_rejected_change_is_not_made(own_blog: Path) -> None:
    before = dump(own_blog)
    attempt = calls(call("create_record", model="Tag", values={"name": "x"}))
    model = ScriptedModel(attempt, says("No."))
    async with AgentRuntime(own_blog, model=model, approval_callback=lambda tool, params: False) as runtime:
        result = await runtime.execute("Change", mode="supervised")
    assert result.actions[0].status == "rejected"
    assert dump(own_blog) == before


async def test_a_database_that_looks_like_production_is_read_only_until_it_is_unlocked(
    own_blog: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    attempt = calls(call("create_record", model="Tag", values={"name": "x"}))
    async with AgentRuntime(own_blog, model=ScriptedModel(attempt, says("No."))) as runtime:
        result = await runtime.execute("Change")
    assert "environment variable APP_ENV=production" in str(result.actions[0].error)
    assert "allow_production_writes=True" in str(result.actions[0].error)
    model = ScriptedModel(attempt, says("Done."))
    async with AgentRuntime(own_blog, model=model, allow_production_writes=True) as runtime:
        result = await runtime.execute("Change")
        assert result.actions[0].status == "done"
        assert len((await runtime.undo(result.run_id)).deleted_rows) == 1
