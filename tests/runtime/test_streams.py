"""Streams: approvals answered in the loop, events that are JSON, consumers that are slow or walk away."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from aksara_agent import AgentRuntime, ConfigurationError
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, fails, says, stalls

WRITE = calls(call("write_file", path="a.txt", content="one"))


def held() -> dict[str, Any]:
    """What this process holds: tasks, threads, child processes, open files."""
    gc.collect()
    return {
        "tasks": len([task for task in asyncio.all_tasks() if task is not asyncio.current_task()]),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "processes": len(psutil.Process().children(recursive=True)),
        "files": len(os.listdir("/proc/self/fd")),
    }


@pytest.mark.parametrize(("answer", "content"), [(True, "one"), (False, None), ([{"type": "reject"}], None)])
async def test_an_approval_can_be_answered_in_the_loop_and_the_run_goes_on(
    tmp_path: Path, answer: Any, content: str | None
) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("All right.")))
    types = []
    async for event in runtime.execute_stream("Write", mode="supervised"):
        types.append(event.type)
        if event.type == "approval":
            assert event.requests[0]["preview"].endswith("+one")
            event.answer(answer)
    assert types[-1] == "complete" and event.result.success  # type: ignore[union-attr]
    assert ((tmp_path / "a.txt").read_text() if (tmp_path / "a.txt").exists() else None) == content


async def test_an_approval_that_nobody_answers_waits_for_later(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")))
    events = [event async for event in runtime.execute_stream("Write", mode="supervised")]
    assert events[-1].result.stop_reason == "interrupted"  # type: ignore[union-attr]
    done = await runtime.resume(events[-1].result.session_id, decisions=[True])  # type: ignore[union-attr]
    assert done.created_files == ["a.txt"]


async def test_an_answer_that_does_not_fit_is_refused_and_the_question_stays(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")))
    with pytest.raises(ConfigurationError, match="1 calls wait for a decision"):
        async for event in runtime.execute_stream("Write", mode="supervised", session_id="s"):
            if event.type == "approval":
                event.answer([True, True])
    assert (await runtime.resume("s", decisions=[True])).created_files == ["a.txt"]


async def test_every_event_is_json_and_says_which_run_when_and_in_which_cycle(tmp_path: Path, quick: None) -> None:
    script = [fails(500), calls(call("read_file", path="nowhere")), WRITE, says("Written.")]
    with LoopbackServer(*script) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            stream = runtime.execute_stream("Write", mode="supervised", approval_callback=lambda name, params: True)
            events = [event async for event in stream]
    assert {event.type for event in events} == {
        "progress", "retry", "action", "result", "approval", "thinking", "complete",
    }  # fmt: skip
    for event in events:
        told = json.loads(json.dumps(event.to_dict()))
        assert told["type"] == event.type and told["run_id"] and told["time"] > 1_700_000_000
    iterations = [event.iteration for event in events if event.type in ("progress", "action", "result")]
    assert iterations == sorted(iterations) and iterations[0] == 1


async def test_who_breaks_out_of_the_loop_leaves_nothing_behind(own_blog: Path) -> None:
    warm = AgentRuntime(own_blog, model=ScriptedModel(says("Hello.")))
    await warm.execute("Hello")
    await warm.close()
    del warm
    await asyncio.to_thread(int)  # asyncio's own first thread
    before = held()
    script = [calls(call("query_records", model="User"), call("list_models")), stalls(30), says("Never.")]
    with LoopbackServer(*script) as server:
        async with AgentRuntime(own_blog, model="openai:x", base_url=server.base_url) as runtime:
            count = 0
            async for _ in runtime.execute_stream("Models?", session_id="s"):
                count += 1
                if count == 2:
                    break
            for _ in range(200):
                await asyncio.sleep(0.01)
                if runtime.sessions()[0]["last_status"] == "cancelled":
                    break
            assert runtime.sessions()[0]["last_status"] == "cancelled"
    await asyncio.sleep(0.1)
    after = held()
    after["threads"] = [name for name in after["threads"] if not name.startswith("asyncio_")]
    before["threads"] = [name for name in before["threads"] if not name.startswith("asyncio_")]
    assert after == before


async def test_a_slow_listener_makes_the_run_wait_instead_of_piling_events_up(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("\n".join(map(str, range(99))))
    steps = [calls(call("read_file", path="notes.txt", start=start)) for start in range(1, 30)]
    model = ScriptedModel(*steps, says("Read."))
    ahead = []
    async for event in AgentRuntime(tmp_path, model=model, max_iterations=None).execute_stream("Read"):
        if event.type == "result":
            await asyncio.sleep(0.01)
            ahead.append(len(model.requests) - event.iteration)
    assert len(ahead) == 29 and max(ahead) <= 1, "never more than one step ahead of who listens"
