"""The spec's export, from the words of the task to the file on disk, through the offline model."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says

TASK = "Find users who haven't logged in for 90 days and export to CSV"


async def test_users_who_have_not_logged_in_for_90_days_are_exported_to_csv(own_blog: Path) -> None:
    async with AgentRuntime(own_blog) as runtime:
        result = await runtime.execute(TASK)
        assert result.success
        assert result.output_file == "inactive_users.csv"
        assert "inactive_users.csv" in result.output
        assert [action.tool for action in result.actions] == ["list_models", "export_records"]
        filters = result.actions[1].input["filters"]
        assert filters == {"or": [{"last_login__lt": "now-90d"}, {"last_login__isnull": True}]}

        with (own_blog / "inactive_users.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        connection = sqlite3.connect(own_blog / "blog.db")
        late = "last_login IS NULL OR last_login < datetime('now', '-90 days')"
        expected = [str(row[0]) for row in connection.execute(f"SELECT id FROM users WHERE {late} ORDER BY id")]
        connection.close()
        assert [row["id"] for row in rows] == expected
        assert expected
        assert set(rows[0]) == {"id", "email", "name", "is_active", "created_at", "last_login"}
        assert (await runtime.undo(result.run_id)).deleted == ["inactive_users.csv"]
    assert not (own_blog / "inactive_users.csv").exists()


async def test_an_export_waits_for_approval_under_supervision_and_undo_brings_the_older_file_back(
    own_blog: Path,
) -> None:
    (own_blog / "tags.csv").write_text("mine")
    previews: list[str] = []

    def approve(tool: str, params: object, request: dict[str, str]) -> bool:
        previews.append(request["preview"])
        return True

    model = ScriptedModel(calls(call("export_records", model="Tag", path="tags.csv")), says("Done."))
    async with AgentRuntime(own_blog, model=model, approval_callback=approve) as runtime:
        result = await runtime.execute("Export", mode="supervised")
        assert previews == ["replace tags.csv: 30 Tag rows, all fields but secret ones"]
        assert (result.output_file, result.created_files) == ("tags.csv", [])
        assert (await runtime.undo(result.run_id)).restored == ["tags.csv"]
    assert (own_blog / "tags.csv").read_text() == "mine"
