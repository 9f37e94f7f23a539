"""A process that dies while a call is tried again: the attempts are one action, and its effect happens once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, says
from aksara_agent.tools import Tool, ToolContext

PROGRAM = """
import os, signal, sys
from aksara_agent import AgentRuntime
from aksara_agent.nodes import error_router
from aksara_agent.testing import ScriptedModel, call, calls, says
from aksara_agent.tools import Tool, ToolContext

root, point = sys.argv[1:]
error_router.FIRST_DELAY = 0.001
attempts = []

class Save(Tool, abstract=True):
    name, description, effect, only_files = "save", "Save.", "write", True

    async def execute(self, context: ToolContext) -> str:
        attempts.append(1)
        if len(attempts) == 1:
            raise ConnectionError("no line")
        if point == "after":
            context.workspace.write("a.txt", "saved")
        os.kill(os.getpid(), signal.SIGKILL)

model = ScriptedModel(calls(call("save")), says("x"))
AgentRuntime(root, model=model, tools=[Save()]).execute_sync("Save", session_id="s")
"""


@pytest.mark.parametrize(("point", "ran_again"), [("before", 1), ("after", 0)])
async def test_the_second_attempt_is_settled_by_the_files_like_a_first_one(
    tmp_path: Path, point: str, ran_again: int
) -> None:
    killed = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path), point], capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr
    ran: list[int] = []

    class Save(Tool, abstract=True):
        name, description, effect, only_files = "save", "Save.", "write", True

        async def execute(self, context: ToolContext) -> str:
            ran.append(1)
            context.workspace.write("a.txt", "saved")
            return "saved"

    model = ScriptedModel(says("Saved."))
    result = await AgentRuntime(tmp_path, model=model, tools=[Save()]).resume("s")
    assert (result.success, len(ran), (tmp_path / "a.txt").read_text()) == (True, ran_again, "saved")
    assert [(a.status, a.attempts) for a in result.actions] == [("done", 2)]
    assert result.created_files == ["a.txt"]
    answers = [message for message in model.requests[-1] if message.type == "tool"]
    assert len(answers) == 1, "the model hears of it once"
