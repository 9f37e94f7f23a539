"""suggest_migration, create_migration and check_models on the blog."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tool_use import OpenContext

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.registry import built_in

SUGGEST, CREATE, CHECK = map(built_in, ("suggest_migration", "create_migration", "check_models"))
BODY = "    body: Mapped[str] = mapped_column(Text)\n"


def change_post(root: Path, new: str) -> None:
    path = root / "models/post.py"
    path.write_text(path.read_text().replace(BODY, new))


async def test_a_suggestion_holds_the_file_its_sql_and_writes_nothing(
    open_context: OpenContext, own_blog: Path
) -> None:
    change_post(own_blog, BODY + "    views: Mapped[int] = mapped_column(default=0)\n")
    context = open_context(own_blog)
    draft = await SUGGEST.run({}, context)
    assert draft["path"] == "migrations/versions/0006_add_post_views.py"
    assert any("views INTEGER DEFAULT 0 NOT NULL" in sql for sql in draft["sql"])
    assert not (own_blog / draft["path"]).exists()
    assert context.workspace.changes == []


async def test_a_migration_is_written_through_the_workspace(open_context: OpenContext, own_blog: Path) -> None:
    change_post(own_blog, BODY + "    views: Mapped[int | None]\n")
    context = open_context(own_blog)
    made = await CREATE.run({}, context)
    assert context.workspace.changes == [{"kind": "created", "path": "migrations/versions/0006_add_post_views.py"}]
    assert (made["revision"], made["proof"]["proven"]) == ("0006", True)
    assert "batch_op.add_column(sa.Column('views'" in (own_blog / made["path"]).read_text()


async def test_open_questions_are_refused_with_all_answers_named(open_context: OpenContext, own_blog: Path) -> None:
    change_post(own_blog, BODY.replace("body", "text"))
    context = open_context(own_blog)
    with pytest.raises(ToolRetry, match=re.escape('renames={"posts.body": "text"} keeps its values')):
        await CREATE.run({}, context)
    assert context.workspace.changes == []
    assert (await CREATE.run({"renames": {"posts.body": "text"}}, context))["proof"]["proven"]


async def test_nothing_to_migrate_is_no_error(open_context: OpenContext, own_blog: Path) -> None:
    made = await CREATE.run({}, open_context(own_blog))
    assert made["note"].startswith("Nothing to migrate")


async def test_the_preview_is_the_file_as_a_diff_with_its_sql(open_context: OpenContext, own_blog: Path) -> None:
    change_post(own_blog, BODY + "    views: Mapped[int | None]\n")
    preview = await CREATE.foresee({}, open_context(own_blog))
    assert preview is not None
    assert "+++ b/migrations/versions/0006_add_post_views.py" in preview.text
    assert "ALTER TABLE posts ADD COLUMN views INTEGER" in preview.text


async def test_models_that_change_after_the_approval_are_not_migrated(
    open_context: OpenContext, own_blog: Path
) -> None:
    change_post(own_blog, BODY + "    views: Mapped[int | None]\n")
    context = open_context(own_blog)
    preview = await CREATE.foresee({}, context)
    assert preview is not None
    approved = replace(context, approved=preview.fingerprint)
    change_post(own_blog, BODY + "    likes: Mapped[int | None]\n")
    with pytest.raises(ToolRetry, match="changed after the migration was approved"):
        await CREATE.run({}, approved)
    assert context.workspace.changes == []


async def test_a_project_without_alembic_is_set_up_through_the_workspace(
    open_context: OpenContext, own_blog: Path
) -> None:
    shutil.rmtree(own_blog / "migrations")
    (own_blog / "alembic.ini").unlink()
    (own_blog / "blog.db").unlink()
    context = open_context(own_blog)
    with pytest.raises(ToolRetry, match="set_up=true"):
        await CREATE.run({}, context)
    preview = await CREATE.foresee({"set_up": True}, context)
    made = await CREATE.run({"set_up": True}, context)
    assert preview is not None
    assert {f"+++ b/{change['path']}" for change in made["changes"]} == set(preview.text.splitlines())
    assert "target_metadata = Base.metadata" in (own_blog / "migrations/env.py").read_text()
    first = await CREATE.run({}, context)
    assert [item["kind"] for item in first["operations"]].count("create_table") == 6


async def test_check_models_adds_drift_to_the_findings(open_context: OpenContext, own_blog: Path) -> None:
    context = open_context(own_blog)
    before = await CHECK.run({}, context)
    assert {"foreign-key-without-index", "unique-candidate"} <= {item["rule"] for item in before["findings"]}
    assert before["drift"] == []
    change_post(own_blog, BODY + "    views: Mapped[int | None]\n")
    after = await CHECK.run({}, context)
    assert after["drift"] == ["The models need add column posts.views, which no migration makes."]


async def test_check_models_of_one_model_leaves_the_others_and_drift_out(
    open_context: OpenContext, own_blog: Path
) -> None:
    found = await CHECK.run({"model": "User"}, open_context(own_blog))
    assert {item["file"] for item in found["findings"]} == {"models/user.py"}
    with pytest.raises(ToolRetry, match="Did you mean User"):
        await CHECK.run({"model": "Usr"}, open_context(own_blog))
