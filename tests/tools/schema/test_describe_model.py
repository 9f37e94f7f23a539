"""describe_model: one model in full, with places and known problems."""

from pathlib import Path

import pytest
from tool_use import OpenContext, Use

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.registry import built_in

DESCRIBE = built_in("describe_model")


async def test_a_model_is_described_from_its_live_metadata_with_lines_and_rows(on_blog: Use, blog: Path) -> None:
    post = await on_blog(DESCRIBE, model="Post")
    assert (post["name"], post["table"], post["source"]) == ("Post", "posts", "live")
    fields = {field["name"]: field for field in post["fields"]}
    assert fields["author_id"]["foreign_key"] == "users.id"
    assert not fields["author_id"]["indexed"]
    source = (blog / "models/post.py").read_text().splitlines()
    assert "author_id" in source[fields["author_id"]["line"] - 1]
    assert post["row_count"] == 190  # ten posts for each of the 19 users that 500 rows make
    assert {relation["name"] for relation in post["relations"]} == {"author", "category", "comments", "tags"}


async def test_it_says_where_the_code_uses_the_model(on_blog: Use) -> None:
    post = await on_blog(DESCRIBE, model="Post")
    assert any(use["file"] == "viewsets/post.py" and use["field"] == "created_at" for use in post["used_by"])


async def test_the_problems_of_the_model_come_with_it(on_blog: Use) -> None:
    post = await on_blog(DESCRIBE, model="Post")
    assert {finding["rule"] for finding in post["findings"]} >= {"foreign-key-without-index", "missing-slug"}
    assert all(finding["file"] == "models/post.py" for finding in post["findings"])


async def test_a_model_may_be_named_by_its_table(on_blog: Use) -> None:
    assert (await on_blog(DESCRIBE, model="users"))["name"] == "User"


async def test_a_wrong_name_is_answered_with_the_right_one(on_blog: Use) -> None:
    with pytest.raises(ToolRetry, match="Post"):
        await on_blog(DESCRIBE, model="Pots")


async def test_a_secret_field_is_marked_hidden_and_its_values_are_not_shown(on_blog: Use) -> None:
    user = await on_blog(DESCRIBE, model="User")
    assert [field["name"] for field in user["fields"] if field["hidden"]] == ["password_hash"]


async def test_where_the_project_cannot_be_imported_the_source_is_described_and_says_why(
    own_blog: Path, open_context: OpenContext
) -> None:
    (own_blog / "models/__init__.py").write_text("import nowhere_to_be_found\n")
    post = await DESCRIBE.run({"model": "Post"}, open_context(own_blog))
    assert post["source"] == "static"
    assert "nowhere_to_be_found" in " ".join(post["notes"])
    assert {"title", "author_id"} <= {field["name"] for field in post["fields"]}


async def test_an_edit_of_the_model_is_seen_at_the_next_call(own_blog: Path, open_context: OpenContext) -> None:
    context = open_context(own_blog)
    await DESCRIBE.run({"model": "Tag"}, context)
    tag = own_blog / "models/tag.py"
    tag.write_text(tag.read_text().replace("String(50)", "String(51)"))
    described = await DESCRIBE.run({"model": "Tag"}, context)
    assert [field["type"] for field in described["fields"] if field["name"] == "name"] == ["String(51)"]
