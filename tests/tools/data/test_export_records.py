"""export_records: whole, confined, without secrets, harmless to spreadsheets, and small in memory."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tool_use import OpenContext

from aksara_agent.errors import ToolError
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.registry import built_in

EXPORT = built_in("export_records")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "plain", "a=b"]


@pytest.fixture
def context(own_blog: Path, open_context: OpenContext) -> ToolContext:
    connection = sqlite3.connect(own_blog / "blog.db")
    with connection:
        connection.execute("DELETE FROM tags")
        connection.executemany("INSERT INTO tags (id, name) VALUES (?, ?)", list(enumerate(FORMULAS)))
    connection.close()
    return open_context(own_blog)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


async def test_text_that_looks_like_a_formula_gets_an_apostrophe_and_the_result_says_so(context: ToolContext) -> None:
    result = await EXPORT.run({"model": "Tag", "path": "out/tags.csv"}, context)
    names = [row["name"] for row in rows_of(context.workspace.root / "out" / "tags.csv")]
    assert names == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "plain", "a=b"]
    assert result["notes"] == [
        "5 cells that begin like a formula (= + - @) got a leading ' so that no spreadsheet runs them"
    ]
    await EXPORT.run({"model": "Tag", "path": "raw.csv", "guard_formulas": False}, context)
    assert [row["name"] for row in rows_of(context.workspace.root / "raw.csv")] == FORMULAS


async def test_json_lines_hold_the_values_as_they_are(context: ToolContext) -> None:
    arguments = {"model": "Post", "path": "posts.jsonl", "fields": ["id", "title", "author__name"], "order_by": ["-id"]}
    result = await EXPORT.run(arguments, context)
    lines = [json.loads(line) for line in (context.workspace.root / "posts.jsonl").read_text().splitlines()]
    assert result["rows"] == len(lines) == 190
    assert [lines[0]["id"], lines[-1]["id"]] == [190, 1]
    assert list(lines[0]) == ["id", "title", "author__name"]
    assert result["bytes"] == (context.workspace.root / "posts.jsonl").stat().st_size


async def test_secrets_are_never_exported(context: ToolContext) -> None:
    result = await EXPORT.run({"model": "User", "path": "users.csv"}, context)
    assert "password_hash" not in result["fields"]
    for wish in ({"fields": ["password_hash"]}, {"order_by": ["password_hash"]}):
        with pytest.raises(ToolError, match="holds a secret"):
            await EXPORT.run({"model": "User", "path": "other.csv", **wish}, context)
    assert not (context.workspace.root / "other.csv").exists()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("tags.py", r"must end in \.csv or \.jsonl"),
        ("../tags.csv", "is not a path inside the project"),
        ("/tmp/tags.csv", "is not a path inside the project"),
        (".git/tags.csv", "is private"),
    ],
)
async def test_it_writes_only_data_files_inside_the_project(context: ToolContext, path: str, message: str) -> None:
    with pytest.raises(ToolError, match=message):
        await EXPORT.run({"model": "Tag", "path": path}, context)
    assert context.workspace.changes == []


async def test_it_follows_no_link_out_of_the_project(context: ToolContext, tmp_path: Path) -> None:
    (context.workspace.root / "link").symlink_to(tmp_path)
    (tmp_path / "victim.csv").write_text("mine")
    (context.workspace.root / "victim.csv").symlink_to(tmp_path / "victim.csv")
    for path in ("link/tags.csv", "victim.csv"):
        with pytest.raises(ToolError):
            await EXPORT.run({"model": "Tag", "path": path}, context)
    assert (tmp_path / "victim.csv").read_text() == "mine"


async def test_an_export_whose_query_is_wrong_leaves_no_file(context: ToolContext) -> None:
    with pytest.raises(ToolError, match="did you mean 'name'"):
        await EXPORT.run({"model": "Tag", "path": "tags.csv", "filters": {"nam": "x"}}, context)
    assert not (context.workspace.root / "tags.csv").exists()


MEASURE = """
import asyncio, json, resource, sys
from pathlib import Path
from aksara_agent.journal import MemoryJournal
from aksara_agent.project import Project
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.registry import built_in
from aksara_agent.workspace import Workspace

async def main(root, most):
    async with Project.open(root, python=sys.executable) as project:
        context = ToolContext(project, Workspace(root), MemoryJournal(), "run", "call")
        arguments = {"model": "Tag", "path": "tags.csv", "filters": {"id__lte": most}}
        result = await built_in("export_records").run(arguments, context)
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([result["rows"], result["bytes"], *peaks]))

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


def measured(root: Path, most: int) -> list[int]:
    """Rows, bytes, and the peak memory of the runtime and of its worker in kilobytes, in a fresh process."""
    done = subprocess.run([sys.executable, "-c", MEASURE, str(root), str(most)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: list[int] = json.loads(done.stdout)
    return found


def test_three_hundred_thousand_rows_take_no_more_memory_than_a_thousand(own_blog: Path) -> None:
    connection = sqlite3.connect(own_blog / "blog.db")
    with connection:
        names: Any = ((number, f"{number} {'x' * 100}") for number in range(1, 300_001))
        connection.execute("DELETE FROM tags")
        connection.executemany("INSERT INTO tags (id, name) VALUES (?, ?)", names)
    connection.close()
    few_rows, _, few_own, few_worker = measured(own_blog, 1000)
    rows, size, own, worker = measured(own_blog, 300_000)
    assert (few_rows, rows) == (1000, 300_000)
    assert size > 30_000_000
    assert own - few_own < 12_000
    assert worker - few_worker < 12_000
    assert len(rows_of(own_blog / "tags.csv")) == 300_000
