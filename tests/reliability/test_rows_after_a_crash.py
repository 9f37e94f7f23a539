"""A process that is killed while a tool changes rows: what is known afterwards, with a ledger and without."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.results import AgentResult
from aksara_agent.testing import ScriptedModel, call, calls, says

VICTIM = """
import asyncio, os, signal, sys
from aksara_agent import AgentRuntime
from aksara_agent.project.rows import Rows
from aksara_agent.store.journal import SqlJournal
from aksara_agent.testing import ScriptedModel, call, calls, says

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

point, root = sys.argv[1:]
if point == "before the rows are written":
    Rows.apply = die
else:
    SqlJournal.rows_changed = die

async def main():
    change = call("update_record", model="Tag", key=1, values={"name": "renamed"}, call_id="the-call")
    runtime = AgentRuntime(root, model=ScriptedModel(calls(change), says("Done.")))
    await runtime.execute("Rename", session_id="s")

asyncio.run(main())
"""
BEFORE, AFTER = "before the rows are written", "after they are written"


async def killed_and_resumed(root: Path, point: str) -> tuple[AgentResult, AgentRuntime]:
    died = subprocess.run([sys.executable, "-c", VICTIM, point, str(root)], capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    runtime = AgentRuntime(root, model=ScriptedModel(says("Done.")))
    return await runtime.resume("s"), runtime


def name_of_tag(root: Path) -> str:
    connection = sqlite3.connect(root / "blog.db")
    (name,) = connection.execute("SELECT name FROM tags WHERE id = 1").fetchone()
    connection.close()
    return str(name)


@pytest.mark.parametrize("point", [BEFORE, AFTER])
async def test_without_a_ledger_the_outcome_is_unknown(own_blog: Path, point: str) -> None:
    result, runtime = await killed_and_resumed(own_blog, point)
    assert [action.status for action in result.actions] == ["unknown"]
    assert (name_of_tag(own_blog) == "renamed") is (point == AFTER)
    assert [action.tool for action in (await runtime.undo(result.run_id)).not_undone] == ["update_record"]
    await runtime.close()


@pytest.mark.parametrize("point", [BEFORE, AFTER])
async def test_with_a_ledger_the_rows_are_changed_exactly_once_and_undo_works(own_blog: Path, point: str) -> None:
    before = name_of_tag(own_blog)
    async with AgentRuntime(own_blog) as runtime:
        assert await runtime.project.rows.create_ledger()
    result, runtime = await killed_and_resumed(own_blog, point)
    (action,) = result.actions
    assert (action.status, action.output["updated"]) == ("done", 1)
    assert ("note" in action.output) is (point == AFTER)
    assert name_of_tag(own_blog) == "renamed"
    connection = sqlite3.connect(own_blog / "blog.db")
    assert connection.execute("SELECT count(*) FROM aksara_ledger").fetchone() == (1,)
    connection.close()
    assert (await runtime.undo(result.run_id)).restored_rows == ["tags id=1"]
    assert name_of_tag(own_blog) == before
    await runtime.close()


async def test_a_worker_that_dies_in_the_middle_leaves_the_outcome_unknown_and_the_next_attempt_asks(
    own_blog: Path,
) -> None:
    (own_blog / "models" / "tag.py").write_text(
        (own_blog / "models" / "tag.py").read_text()
        + "\n\nimport os\nfrom sqlalchemy import event\n\n"
        + "event.listen(Tag, 'before_update', lambda *_: os._exit(3))\n"
    )
    change = calls(call("update_record", model="Tag", key=1, values={"name": "renamed"}))
    async with AgentRuntime(own_blog, model=ScriptedModel(change, change, says("Done."))) as runtime:
        result = await runtime.execute("Rename")
        assert [action.status for action in result.actions] == ["unknown"]
        assert result.stop_reason == "interrupted"
        assert "not known" in str(result.actions[0].error)
    async with AgentRuntime(own_blog, model=ScriptedModel(change, says("Done."))) as runtime:
        await runtime.project.rows.create_ledger()
        (action,) = (await runtime.execute("Rename")).actions
        assert (action.status, "Nothing was written" in str(action.error)) == ("failed", True)
