"""The specification's conversation about a new field, offline, on the blog."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from aksara_agent import AgentRuntime


async def test_a_conversation_adds_a_field_and_its_migration_and_both_can_be_undone(own_blog: Path) -> None:
    before = {path: path.read_bytes() for path in own_blog.rglob("*.py")}
    async with AgentRuntime(own_blog) as runtime:
        session = runtime.start_session()
        assert "Post" in (await session.send("What models exist?")).output
        added = await session.send("Add a slug field to Post")
        assert added.modified_files == ["models/post.py"]
        created = await session.send("Now create a migration for that change")
        assert created.created_files == ["migrations/versions/0006_add_post_slug.py"]
        assert "Proven on a scratch copy with all rows" in created.output

        tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        done = subprocess.run(tests, cwd=own_blog, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:]

        assert (await runtime.undo(created.run_id)).deleted == ["migrations/versions/0006_add_post_slug.py"]
        assert (await runtime.undo(added.run_id)).restored == ["models/post.py"]
    assert {path: path.read_bytes() for path in own_blog.rglob("*.py")} == before


async def test_soft_delete_is_added_to_all_models_with_one_migration(own_blog: Path) -> None:
    async with AgentRuntime(own_blog) as runtime:
        result = await runtime.execute("Add soft delete to all models")
    files = ["category", "comment", "post", "tag", "user"]
    assert result.modified_files == [f"models/{name}.py" for name in files]
    assert result.created_files == ["migrations/versions/0006_add_deleted_at_to_5_tables.py"]
    assert "queries still return rows that are marked as deleted" in result.output


async def test_pending_migrations_are_created_and_then_there_are_none(own_blog: Path) -> None:
    async with AgentRuntime(own_blog) as runtime:
        await runtime.execute("Add a phone field to User")
        created = await runtime.execute("Check for pending migrations and create them")
        again = await runtime.execute("Check for pending migrations and create them")
    assert created.created_files == ["migrations/versions/0006_add_user_phone.py"]
    assert again.created_files == []
    assert "1 migration behind head 0006: 0006 add user phone" in again.output


async def test_a_person_sees_the_migration_before_it_is_written(own_blog: Path) -> None:
    seen: list[str] = []

    def approve(tool: str, params: dict[str, Any], request: dict[str, Any]) -> bool:
        seen.append(str(request["preview"]))
        return tool == "write_file"

    async with AgentRuntime(own_blog, approval_callback=approve) as runtime:
        await runtime.execute("Add a phone field to User", mode="supervised")
        refused = await runtime.execute("Create a migration for that change", mode="supervised")
    assert "+    phone: Mapped[str | None] = mapped_column(String(30))" in seen[0]
    assert "+++ b/migrations/versions/0006_add_user_phone.py" in seen[1]
    assert refused.created_files == []
    assert not (own_blog / "migrations/versions/0006_add_user_phone.py").exists()
