"""find_issues: the flaws planted in the blog are found, with place and fix, and the answer follows the files."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from tool_use import OpenContext, Use

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.registry import built_in

FIND = built_in("find_issues")
SEVERITIES = ["high", "medium", "low", "info"]


def places(answer: dict[str, Any], rule: str) -> set[str]:
    return {f"{f['file']}: {f['issue'].split(' ')[0]}" for f in answer["findings"] if f["rule"] == rule}


def line_of(blog: Path, finding: dict[str, Any]) -> str:
    lines = (blog / finding["file"]).read_text().splitlines()
    return str(lines[finding["line"] - 1])


async def test_the_planted_security_flaws_are_found_at_their_lines(on_blog: Use, blog: Path) -> None:
    answer = await on_blog(FIND, kind="security")
    by_rule = {f["rule"]: f for f in answer["findings"] if not f["file"].startswith("tests/")}
    secret, injection = by_rule["S105"], by_rule["S608"]
    assert secret["file"] == "settings.py" and "SECRET_KEY" in line_of(blog, secret)
    assert injection["file"] == "viewsets/search.py" and "SELECT id, title" in line_of(blog, injection)
    assert secret["severity"] == injection["severity"] == "high"
    assert "environment" in secret["fix"]
    assert "parameters" in injection["fix"]
    assert "notes" not in answer


async def test_the_planted_flaws_of_the_models_are_found_and_nothing_else_is_called_one(on_blog: Use) -> None:
    answer = await on_blog(FIND, kind="structure")
    assert places(answer, "foreign-key-without-index") == {
        "models/post.py: Post.author_id",
        "models/post.py: Post.category_id",
        "models/comment.py: Comment.post_id",
        "models/comment.py: Comment.author_id",
    }
    assert {"models/post.py: Post.created_at", "models/comment.py: Comment.created_at"} <= places(
        answer, "ordered-or-filtered-without-index"
    )
    assert places(answer, "missing-slug") == {"models/post.py: Post"}
    assert places(answer, "unique-candidate") == {"models/user.py: User.email"}
    assert places(answer, "association-without-unique") == set()


async def test_findings_stand_where_the_field_is_written_and_were_established_by_a_tool(
    on_blog: Use, blog: Path
) -> None:
    answer = await on_blog(FIND)
    for finding in answer["findings"]:
        assert finding["verified"] is True
        assert finding["fix"]
        if finding["rule"] == "foreign-key-without-index":
            field = finding["issue"].split(" ")[0].split(".")[1]
            assert field in line_of(blog, finding)


async def test_the_gravest_come_first_and_are_counted(on_blog: Use) -> None:
    answer = await on_blog(FIND)
    ranks = [SEVERITIES.index(finding["severity"]) for finding in answer["findings"]]
    assert ranks == sorted(ranks)
    assert answer["count"] == len(ranks) > 5


async def test_the_findings_of_one_model_are_about_it_alone(on_blog: Use) -> None:
    answer = await on_blog(FIND, model="Comment")
    assert answer["count"] >= 3
    assert {finding["file"] for finding in answer["findings"]} == {"models/comment.py"}


async def test_security_of_one_model_is_not_said_to_be_fine(on_blog: Use) -> None:
    answer = await on_blog(FIND, model="Post", kind="security")
    assert answer["findings"] == []
    assert "Leave model out" in answer["notes"][0]


async def test_a_wrong_model_or_kind_is_explained(on_blog: Use) -> None:
    with pytest.raises(ToolRetry, match="Post"):
        await on_blog(FIND, model="Pots")
    with pytest.raises(ToolRetry, match="kind: String should match pattern"):
        await on_blog(FIND, kind="style")


async def test_a_repaired_flaw_is_gone_at_the_next_call(own_blog: Path, open_context: OpenContext) -> None:
    context = open_context(own_blog)
    before = await FIND.run({}, context)
    post, settings = own_blog / "models/post.py", own_blog / "settings.py"
    post.write_text(post.read_text().replace('ForeignKey("users.id")', 'ForeignKey("users.id"), index=True'))
    settings.write_text(settings.read_text().replace('"not-a-real-secret', 'os.environ["SECRET_KEY"] # "not-a-real'))
    after = await FIND.run({}, context)
    gone = places(before, "foreign-key-without-index") - places(after, "foreign-key-without-index")
    assert gone == {"models/post.py: Post.author_id"}
    assert "settings.py" in {f["file"] for f in before["findings"] if f["rule"] == "S105"}
    assert "settings.py" not in {f["file"] for f in after["findings"] if f["rule"] == "S105"}


async def test_a_new_flaw_is_found_at_the_next_call(own_blog: Path, open_context: OpenContext) -> None:
    context = open_context(own_blog)
    assert await FIND.run({"model": "Category", "kind": "structure"}, context) == {"findings": [], "count": 0}
    category = own_blog / "models/category.py"
    category.write_text(category.read_text().replace(", index=True", ""))
    connection = sqlite3.connect(own_blog / "blog.db")
    connection.execute("DROP INDEX ix_categories_parent_id")  # an index that only the database has is one
    connection.close()
    (finding,) = (await FIND.run({"model": "Category", "kind": "structure"}, context))["findings"]
    assert (finding["rule"], finding["file"]) == ("foreign-key-without-index", "models/category.py")


async def test_a_file_that_does_not_parse_is_noted_once_and_the_others_are_checked(tmp_path: Path, use: Use) -> None:
    (tmp_path / "broken.py").write_text("def (:\n")
    (tmp_path / "app.py").write_text("import subprocess\nsubprocess.run(input(), shell=True)\n")
    answer = await use(FIND, kind="security")
    assert {finding["file"] for finding in answer["findings"]} == {"app.py"}
    assert [note for note in answer["notes"] if note.startswith("broken.py:1 does not parse")] == answer["notes"]


async def test_a_link_out_of_the_project_is_not_reported(tmp_path: Path, use: Use) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.py"
    outside.write_text("PASSWORD = 'correct horse battery'\n")
    (tmp_path / "link.py").symlink_to(outside)
    (tmp_path / "app.py").write_text("eval(input())\n")
    answer = await use(FIND, kind="security")
    assert {(finding["file"], finding["rule"]) for finding in answer["findings"]} == {("app.py", "S307")}


async def test_the_project_s_own_ruff_settings_cannot_switch_rules_off(tmp_path: Path, use: Use) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nexclude = ['*']\n[tool.ruff.lint]\nignore = ['ALL']\n")
    (tmp_path / "app.py").write_text("eval(input())\n")
    assert (await use(FIND, kind="security"))["count"] == 1
    assert not (tmp_path / ".ruff_cache").exists()


async def test_models_that_cannot_be_imported_are_a_note_and_security_is_checked_all_the_same(
    own_blog: Path, open_context: OpenContext
) -> None:
    (own_blog / "models/__init__.py").write_text("import nowhere_to_be_found\n")
    answer = await FIND.run({}, open_context(own_blog))
    assert "S608" in {finding["rule"] for finding in answer["findings"]}


async def test_without_ruff_the_answer_says_that_security_was_not_checked(
    tmp_path: Path, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    monkeypatch.setattr("sys.executable", str(empty / "python"))
    monkeypatch.setenv("PATH", str(empty))
    answer = await use(FIND, kind="security")
    assert answer["findings"] == []
    assert "ruff is not installed" in answer["notes"][0]
