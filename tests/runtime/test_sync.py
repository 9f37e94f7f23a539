"""execute_sync and repeated event loops: what scripts and notebooks do."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, ScriptedModel, says


def test_execute_sync_works_in_a_script(tmp_path: Path) -> None:
    assert AgentRuntime(tmp_path, model=ScriptedModel(says("Hi."))).execute_sync("Hello").output == "Hi."


async def test_execute_sync_works_where_a_loop_is_running(tmp_path: Path) -> None:
    assert AgentRuntime(tmp_path, model=ScriptedModel(says("Hi."))).execute_sync("Hello").output == "Hi."


def test_one_runtime_serves_several_event_loops(tmp_path: Path) -> None:
    async def ask(runtime: AgentRuntime) -> str:
        async with runtime:
            return (await runtime.execute("Hello", tools=["list_models"])).output

    with LoopbackServer(says("Hi."), repeat_last=True) as server:
        runtime = AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url, max_retries=0)
        assert [asyncio.run(ask(runtime)) for _ in range(3)] == ["Hi."] * 3
        with runtime:
            assert runtime.execute_sync("Hello").output == "Hi."
