"""A run that is cancelled, or whose listener walks away, leaves a session that can go on."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says


async def test_a_cancelled_run_goes_on_and_tells_that_the_outcome_of_its_tool_is_not_known(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def deploy() -> str:
        """Deploy, slowly."""
        begun.set()
        await asyncio.sleep(60)
        return "deployed"

    model = ScriptedModel(calls(call("deploy")), says("I do not know whether it was deployed."))
    runtime = AgentRuntime(tmp_path, model=model, tools=[deploy])
    running = asyncio.create_task(runtime.execute("Deploy", session_id="s"))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    result = await runtime.resume("s")
    assert (result.success, [action.status for action in result.actions]) == (True, ["unknown"])
    assert "not known" in str(model.requests[-1][-1].content)


async def test_who_stops_listening_stops_the_run_and_the_session_is_free(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("list_models")), says("None."))
    runtime = AgentRuntime(tmp_path, model=model)
    async with aclosing(runtime.execute_stream("Models?", session_id="s")) as events:
        async for event in events:
            if event.type == "action":
                break
    assert {task for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()
    result = await runtime.resume("s")
    assert (result.success, result.output) == (True, "None.")
    assert [action.tool for action in result.actions] == ["list_models"]
