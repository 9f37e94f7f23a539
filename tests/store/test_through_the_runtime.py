"""Whole runs through the public door, on every kind of store."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from aksara_agent import AgentRuntime, SessionError
from aksara_agent.sync import run_sync
from aksara_agent.testing import ScriptedModel, call, calls, says

WRITE = calls(call("write_file", path="a.txt", content="one"))


async def test_a_run_stopped_by_a_limit_goes_on_where_it_was(checkpoints: str, tmp_path: Path) -> None:
    model = ScriptedModel(WRITE, calls(call("list_models")), says("Done."))
    runtime = AgentRuntime(tmp_path, model=model, checkpoints=checkpoints)
    stopped = await runtime.execute("Write", max_iterations=1)
    assert stopped.stop_reason == "max_iterations"
    done = await runtime.resume(stopped.session_id, max_iterations=5)
    assert (done.success, done.output, done.run_id) == (True, "Done.", stopped.run_id)
    assert [action.tool for action in done.actions] == ["write_file", "list_models"]
    assert done.created_files == ["a.txt"]
    with pytest.raises(SessionError, match="complete"):
        await runtime.resume(stopped.session_id)
    (listed,) = runtime.sessions()
    assert (listed["runs"], listed["last_task"], listed["last_status"]) == (1, "Write", "completed")
    await runtime.close()


async def test_another_runtime_goes_on_with_a_session(lasting: str, tmp_path: Path) -> None:
    first = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, strict=False), checkpoints=lasting)
    stopped = await first.execute("Write", max_iterations=1)
    await first.close()
    second = AgentRuntime(tmp_path, model=ScriptedModel(says("Done.")), checkpoints=lasting)
    done = await second.resume(stopped.session_id, max_iterations=5)
    assert (done.success, done.created_files) == (True, ["a.txt"])
    await second.close()


async def test_a_closed_runtime_opens_its_store_again_when_it_is_used(lasting: str, tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("One."), says("Two.")), checkpoints=lasting)
    session = runtime.start_session()
    await session.send("First")
    await runtime.close()
    await runtime.close()
    assert [info["runs"] for info in runtime.sessions()] == [1]
    await runtime.close()
    result = await session.send("Second")
    assert (result.output, [info["runs"] for info in runtime.sessions()]) == ("Two.", [2])
    await runtime.close()


async def test_a_closed_runtime_with_memory_starts_afresh(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("One."), repeat_last=True), checkpoints="memory")
    await runtime.execute("First")
    await runtime.close()
    assert runtime.sessions() == []
    assert (await runtime.execute("Second")).success
    await runtime.close()


def test_one_runtime_serves_several_event_loops(checkpoints: str, tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("Hm."), repeat_last=True), checkpoints=checkpoints)
    session = runtime.start_session()
    asyncio.run(session.send("One"))
    asyncio.run(session.send("Two"))
    run_sync(session.send("Three"))
    assert runtime.sessions()[0]["runs"] == 3
    run_sync(runtime.close())


async def test_many_sessions_at_once_are_neither_lost_nor_mixed(checkpoints: str, tmp_path: Path) -> None:
    def echo(messages: list[object]) -> object:
        return says(f"You said {messages[-1].content}")  # type: ignore[attr-defined]

    runtime = AgentRuntime(tmp_path, model=ScriptedModel(echo, repeat_last=True), checkpoints=checkpoints)  # type: ignore[arg-type]
    sessions = [runtime.start_session(f"session-{number}") for number in range(30)]
    for turn in range(2):
        results = await asyncio.gather(*(session.send(f"{session.id}/{turn}") for session in sessions))
        assert [r.output for r in results] == [f"You said {session.id}/{turn}" for session in sessions]
    assert {info["session_id"]: info["runs"] for info in runtime.sessions()} == dict.fromkeys(
        (session.id for session in sessions), 2
    )
    await runtime.close()
