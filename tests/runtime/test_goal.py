"""Autonomous runs with a check of the goal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil
import pytest

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


async def test_a_check_that_is_cancelled_leaves_no_process(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(REACHED))
    check = "setsid sleep 1000 & echo $! > child; echo $$ > written && mv written shell; sleep 1000"
    task = asyncio.create_task(runtime.execute(goal="Write a.txt", check=check))
    async with asyncio.timeout(30):
        while not (tmp_path / "shell").exists():
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    pids = [int((tmp_path / name).read_text()) for name in ("child", "shell")]
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []


async def test_of_a_failed_check_the_end_of_the_output_is_heard(tmp_path: Path) -> None:
    model = ScriptedModel(REACHED, WRITE, REACHED)
    check = "seq 100000; echo the end; test -e a.txt"
    await AgentRuntime(tmp_path, model=model).execute(goal="Write a.txt", check=check)
    heard = str(model.requests[1][-1].content)
    assert heard.endswith("99999\n100000\nthe end\n") and len(heard) < 3_000


async def test_a_check_may_be_an_assertion_and_its_failure_is_told(tmp_path: Path) -> None:
    def written() -> bool:
        assert (tmp_path / "a.txt").exists(), "there is no a.txt"
        return True

    model = ScriptedModel(REACHED, WRITE, REACHED)
    result = await AgentRuntime(tmp_path, model=model).execute(goal="Write a.txt", check=written)
    assert (result.success, result.iterations) == (True, 3)
    assert "AssertionError: there is no a.txt" in str(model.requests[1][-1].content)


async def test_a_check_that_hangs_ends_with_the_run_s_time(tmp_path: Path) -> None:
    model = ScriptedModel(REACHED, repeat_last=True)
    result = await AgentRuntime(tmp_path, model=model, timeout_seconds=1).execute(goal="Wait", check="sleep 60")
    assert (result.success, result.stop_reason) == (False, "timeout")
