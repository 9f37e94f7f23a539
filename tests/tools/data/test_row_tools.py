"""create_record, update_record, delete_record: what a person is shown, and what the model is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tool_use import OpenContext

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.registry import built_in

CREATE, UPDATE, DELETE = (built_in(f"{action}_record") for action in ("create", "update", "delete"))


@pytest.fixture
def context(own_blog: Path, open_context: OpenContext) -> ToolContext:
    connection = sqlite3.connect(own_blog / "blog.db")
    with connection:
        connection.execute("DELETE FROM tags WHERE id > 3")
        connection.execute("DELETE FROM post_tags")
        connection.executemany("INSERT INTO post_tags VALUES (?, 1)", [(1,), (2,)])
        connection.execute("UPDATE tags SET name = 'tag ' || id")
    connection.close()
    return open_context(own_blog)


async def shown(tool: Any, context: ToolContext, **arguments: Any) -> str:
    preview = await tool.foresee(arguments, context)
    return str(preview.text)


async def test_the_preview_of_a_new_row_has_its_values_and_what_will_be_filled_in(context: ToolContext) -> None:
    text = await shown(CREATE, context, model="Comment", values={"post_id": 1, "author_id": 2, "body": "x" * 100})
    assert text == (
        "create 1 Comment row\n"
        f'+ post_id=1, author_id=2, body="{"x" * 58}…\n'
        "filled by the model or the database: created_at\n"
        "SQL: INSERT INTO comments (post_id, author_id, body, created_at) VALUES (?, ?, ?, ?)"
    )


async def test_the_preview_of_an_update_has_what_changes_before_and_after(context: ToolContext) -> None:
    text = await shown(UPDATE, context, model="Tag", filters={"id__lt": 3}, values={"name": "tag 2"})
    assert text == (
        "update 2 Tag rows\n"
        '  id=1\n-   name: "tag 1"\n+   name: "tag 2"\n'
        "  id=2 stays as it is\n"
        "SQL: UPDATE tags SET name=? WHERE tags.id < ?"
    )


async def test_the_preview_of_a_delete_has_the_rows_and_all_that_goes_with_them(context: ToolContext) -> None:
    text = await shown(DELETE, context, model="Tag", key=1, cascade=True)
    assert text == (
        'delete 1 Tag row\n- id=1, name="tag 1"\n'
        "also delete 2 post_tags rows (by post_tags.tag_id)\n"
        "SQL: DELETE FROM tags WHERE tags.id = ?"
    )


async def test_a_long_list_is_shown_by_its_first_rows(context: ToolContext) -> None:
    text = await shown(UPDATE, context, model="Post", filters={"id__lte": 50}, values={"status": "draft"})
    assert text.startswith("update 50 Post rows\n  id=1")
    assert "\n  … and 30 more\n" in text


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        (CREATE, {"model": "Tgg", "values": {"name": "x"}}, "Did you mean Tag"),
        (CREATE, {"model": "Tag", "values": {"nam": "x"}}, "did you mean 'name'"),
        (CREATE, {"model": "Tag", "values": {"name": "tag 1"}}, r"UNIQUE constraint failed: tags\.name"),
        (UPDATE, {"model": "Tag", "values": {"name": "x"}}, "give either key or filters"),
        (UPDATE, {"model": "User", "key": 1, "values": {"password_hash": "x"}}, "holds a secret"),
        (UPDATE, {"model": "User", "filters": {"password_hash": "!"}, "values": {"name": "x"}}, "holds a secret"),
        (UPDATE, {"model": "Post", "filters": {"id__gt": 0}, "values": {"title": "x"}}, "190 Post rows match"),
        (DELETE, {"model": "Tag", "key": 1, "limit": 20_000}, "less than or equal to 10000"),
        (DELETE, {"model": "Tag", "key": 99}, "no Tag matches"),
        (DELETE, {"model": "Tag", "key": 1}, "would also delete 2 rows by post_tags.tag_id; say cascade=true"),
        (DELETE, {"model": "User", "key": 2, "cascade": True}, "still refer to it; change or delete them first"),
    ],
)
async def test_a_wrong_call_tells_the_model_what_to_change(
    context: ToolContext, tool: Any, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ToolRetry, match=message):
        await tool.run(arguments, context)
    assert await context.journal.row_changes("run") == {}
