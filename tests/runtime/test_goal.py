"""Autonomous runs with a check of the goal."""

from __future__ import annotations

from pathlib import Path

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says

REACHED = calls(call("goal_reached", evidence="I think so"))
WRITE = calls(call("write_file", path="a.txt", content="one"))


async def test_a_claim_that_the_command_does_not_confirm_is_sent_back_with_its_output(tmp_path: Path) -> None:
    model = ScriptedModel(REACHED, WRITE, REACHED)
    check = "cat a.txt || { echo nothing there; exit 3; }"
    result = await AgentRuntime(tmp_path, model=model).execute(goal="Write a.txt", check=check)
    assert (result.success, result.iterations) == (True, 3)
    heard = str(model.requests[1][-1].content)
    assert "exit status 3" in heard and "nothing there" in heard


async def test_an_answer_ends_the_run_when_the_check_passes(tmp_path: Path) -> None:
    model = ScriptedModel(says("Not yet."), WRITE, says("Now."))

    async def written() -> bool:
        return (tmp_path / "a.txt").exists()

    result = await AgentRuntime(tmp_path, model=model).execute(goal="Write", check=written, mode="autonomous")
    assert (result.success, result.output) == (True, "Now.")
    assert "did not pass" in str(model.requests[1][-1].content)
