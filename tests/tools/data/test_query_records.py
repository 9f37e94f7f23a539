"""query_records: real rows of the blog, read-only, and never a password hash."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tool_use import OpenContext, Use

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.registry import built_in

QUERY = built_in("query_records")


def select(blog: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(blog / "blog.db")
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


async def test_rows_come_in_pages_with_the_total_of_all(on_blog: Use, blog: Path) -> None:
    page = await on_blog(QUERY, model="Post", fields=["id", "title"], order_by=["-id"], limit=3, offset=2)
    expected = select(blog, "SELECT id, title FROM posts ORDER BY id DESC LIMIT 3 OFFSET 2")
    assert [(row["id"], row["title"]) for row in page["rows"]] == expected
    assert page["total"] == select(blog, "SELECT count(*) FROM posts")[0][0]


async def test_filters_follow_relations_and_understand_relative_times(on_blog: Use, blog: Path) -> None:
    (name,) = select(blog, "SELECT name FROM users WHERE id = 1")[0]
    page = await on_blog(QUERY, model="Post", filters={"author__name": name, "author_id": 1}, fields=["id"])
    assert page["total"] == select(blog, "SELECT count(*) FROM posts WHERE author_id = 1")[0][0]
    page = await on_blog(QUERY, model="User", filters={"last_login__lt": "now-90d"}, fields=["id"])
    expected = select(blog, "SELECT count(*) FROM users WHERE last_login < datetime('now', '-90 days')")
    assert page["total"] == expected[0][0] > 0


async def test_figures_are_computed_by_the_database(on_blog: Use, blog: Path) -> None:
    page = await on_blog(
        QUERY, model="Post", aggregate={"posts": {"function": "count"}}, group_by=["status"], order_by=["status"]
    )
    expected = select(blog, "SELECT status, count(*) FROM posts GROUP BY status ORDER BY status")
    assert [(row["status"], row["posts"]) for row in page["rows"]] == expected


async def test_all_fields_but_the_secret_ones_are_shown(on_blog: Use, blog: Path) -> None:
    page = await on_blog(QUERY, model="User", limit=1000)
    assert set(page["rows"][0]) == {"id", "email", "name", "is_active", "created_at", "last_login"}
    hashes = [value for (value,) in select(blog, "SELECT DISTINCT password_hash FROM users")]
    assert hashes
    text = json.dumps(page)
    assert not any(value in text for value in hashes)


HASH = "password_hash"


@pytest.mark.parametrize(
    "arguments",
    [
        {"model": "User", "fields": ["id", HASH]},
        {"model": "User", "filters": {HASH: "x"}},
        {"model": "User", "filters": {f"{HASH}__startswith": "a"}},
        {"model": "User", "filters": {f"{HASH}__isnull": False}},
        {"model": "User", "filters": {"not": {f"{HASH}__gt": "a"}}},
        {"model": "User", "filters": {"or": [{"id": 1}, {f"{HASH}__in": ["a"]}]}},
        {"model": "User", "order_by": [HASH]},
        {"model": "User", "order_by": [f"-{HASH}"]},
        {"model": "User", "aggregate": {"least": {"function": "min", "field": HASH}}},
        {"model": "User", "aggregate": {"n": {"function": "count"}}, "group_by": [HASH]},
        {"model": "Post", "filters": {f"author__{HASH}__startswith": "a"}},
        {"model": "Post", "fields": [f"author__{HASH}"]},
        {"model": "Post", "fields": [f"author.{HASH}"]},
        {"model": "Post", "order_by": [f"author__{HASH}"]},
        {"model": "Comment", "filters": {f"post__author__{HASH}": "x"}},
        {"model": "Comment", "aggregate": {"n": {"function": "max", "field": f"author__{HASH}"}}},
    ],
)
async def test_a_password_hash_can_be_neither_shown_nor_asked_about(on_blog: Use, arguments: dict[str, Any]) -> None:
    with pytest.raises(ToolRetry) as caught:
        await on_blog(QUERY, **arguments)
    assert "$" not in str(caught.value)  # which stands between salt and digest of every hash


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": "Pots"}, "Post"),
        ({"model": "Post", "filters": {"titel": "x"}}, "title"),
        ({"model": "Post", "filters": {"title__like": "x"}}, "like"),
        ({"model": "Post", "order_by": ["created"]}, "created_at"),
        ({"model": "Post", "limit": 0}, "limit: Input should be greater than or equal to 1"),
        ({"model": "Post", "limit": 1001}, "limit: Input should be less than or equal to 1000"),
        ({"model": "Post", "aggregate": {"n": {"function": "median"}}}, "aggregate.n.function"),
        ({"model": "Post", "sql": "DELETE FROM posts"}, "sql: Extra inputs are not permitted"),
    ],
)
async def test_a_wrong_question_is_answered_with_what_is_possible(
    on_blog: Use, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ToolRetry) as caught:
        await on_blog(QUERY, **arguments)
    assert message in str(caught.value)


async def test_text_that_looks_like_sql_is_only_text(on_blog: Use, blog: Path) -> None:
    before = select(blog, "SELECT count(*) FROM posts")
    page = await on_blog(QUERY, model="Post", filters={"title__contains": "'; DELETE FROM posts; --"})
    assert page["rows"] == []
    assert select(blog, "SELECT count(*) FROM posts") == before


async def test_rows_changed_elsewhere_are_seen_at_the_next_call(own_blog: Path, open_context: OpenContext) -> None:
    context = open_context(own_blog)
    question = {"model": "Tag", "filters": {"name": "brand-new"}}
    assert (await QUERY.run(question, context))["total"] == 0
    connection = sqlite3.connect(own_blog / "blog.db")
    connection.execute("INSERT INTO tags (name) VALUES ('brand-new')")
    connection.commit()
    connection.close()
    assert (await QUERY.run(question, context))["total"] == 1
