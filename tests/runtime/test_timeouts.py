"""Time limits of tools: what is stopped, what is left alone, what is waited for, and what the action says."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says
from aksara_agent.tools import ToolContext, register_tool
from aksara_agent.tools.adapt import FunctionTool


def script(*names: str) -> ScriptedModel:
    return ScriptedModel(*(calls(call(name)) for name in names), says("Too slow."))


def tool(function: Any, effect: Any = "external") -> FunctionTool:
    return FunctionTool(function, effect)


async def test_an_async_tool_is_cancelled_and_cleans_up(tmp_path: Path) -> None:
    ended: list[str] = []

    async def look() -> None:
        """Look for long."""
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cleaned up")

    result = await AgentRuntime(
        tmp_path, model=script("look"), tools=[tool(look, "read")], tool_timeout_seconds=0.05
    ).execute("Look")
    (action,) = result.actions
    assert (action.status, ended) == ("timeout", ["cleaned up"])
    assert "was given up; it changed nothing more" in str(action.error)


async def test_after_an_effect_was_stopped_in_the_middle_its_outcome_is_unknown_and_doing_it_again_asks(
    tmp_path: Path,
) -> None:
    begun: list[int] = []

    async def deploy() -> None:
        """Deploy slowly."""
        begun.append(1)
        await asyncio.sleep(60)

    model = ScriptedModel(calls(call("deploy")), calls(call("deploy")), says("Never."))
    result = await AgentRuntime(tmp_path, model=model, tools=[deploy], tool_timeout_seconds=0.05).execute("Deploy")
    assert (result.stop_reason, len(begun)) == ("interrupted", 1)
    assert (result.actions[0].status, result.approvals[0]["name"]) == ("unknown", "deploy")
    assert "find out before you do it again" in str(result.actions[0].error)


async def test_a_plain_function_that_only_reads_is_left_alone_and_the_run_goes_on(tmp_path: Path) -> None:
    release = threading.Event()

    def look() -> None:
        """Look for long."""
        release.wait(30)

    started = time.monotonic()
    result = await AgentRuntime(
        tmp_path, model=script("look", "look"), tools=[tool(look, "read")], tool_timeout_seconds=0.05
    ).execute("Look")
    assert [action.status for action in result.actions] == ["timeout", "timeout"]
    assert time.monotonic() - started < 20
    release.set()


async def test_a_plain_function_with_an_effect_is_waited_for_and_its_true_outcome_told(tmp_path: Path) -> None:
    def charge() -> str:
        """Charge slowly."""
        time.sleep(0.3)
        return "charged"

    result = await AgentRuntime(tmp_path, model=script("charge"), tools=[charge], tool_timeout_seconds=0.05).execute(
        "Charge"
    )
    (action,) = result.actions
    assert (action.status, action.output) == ("done", "charged")
    assert "more than its 0.05 s: a plain function with an effect is waited for" in str(action.note)


async def test_at_the_end_of_the_run_s_time_a_plain_function_that_goes_on_is_unknown(tmp_path: Path) -> None:
    release = threading.Event()

    def charge() -> None:
        """Charge very slowly."""
        release.wait(30)

    result = await AgentRuntime(tmp_path, model=script("charge"), tools=[charge], timeout_seconds=0.5).execute("Charge")
    assert (result.stop_reason, result.actions[0].status) == ("timeout", "unknown")
    assert "could not be stopped and may still be at work" in str(result.actions[0].error)
    release.set()


async def test_a_file_tool_that_was_given_up_writes_nothing_any_more(tmp_path: Path) -> None:
    given_up, tried = threading.Event(), threading.Event()
    late: list[Any] = []

    @register_tool
    class SaveLate(_FileTool()):  # type: ignore[misc]
        name, description = "save_late", "Save late."

        def execute(self, context: ToolContext) -> None:
            context.workspace.write("early.txt", "early")
            context.given_up.wait(30)
            given_up.set()
            try:
                context.workspace.write("late.txt", "late")
            except Exception as error:
                late.append(error)
            tried.set()

    result = await AgentRuntime(
        tmp_path, model=script("save_late"), tools=["save_late"], tool_timeout_seconds=0.2
    ).execute("Save")
    assert await asyncio.to_thread(tried.wait, 20) and given_up.is_set()
    assert (result.actions[0].status, result.created_files) == ("timeout", ["early.txt"])
    assert not (tmp_path / "late.txt").exists()
    assert "the call has been given up" in str(late[0])


def _FileTool() -> type:
    from aksara_agent.tools import Tool

    class FileTool(Tool, abstract=True):
        effect, only_files = "write", True

    return FileTool


async def test_a_coroutine_that_ignores_its_cancellation_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aksara_agent.tools import bounded

    monkeypatch.setattr(bounded, "GRACE_SECONDS", 0.1)
    release = asyncio.Event()

    async def stubborn() -> None:
        """Ignore cancellation."""
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    result = await AgentRuntime(
        tmp_path, model=script("stubborn"), tools=[stubborn], tool_timeout_seconds=0.05
    ).execute("Go")
    assert result.actions[0].status == "unknown"
    assert "could not be stopped" in str(result.actions[0].error)
    release.set()
    await asyncio.sleep(0.05)


async def test_a_time_out_of_the_tool_s_own_is_an_ordinary_error(tmp_path: Path) -> None:
    async def fetch() -> None:
        """Fetch."""
        raise TimeoutError("the other side is slow")

    result = await AgentRuntime(tmp_path, model=script("fetch"), tools=[fetch]).execute("Fetch")
    assert (result.actions[0].status, result.actions[0].error) == ("failed", "TimeoutError: the other side is slow")


async def test_a_function_that_leaves_the_interpreter_ends_its_call_alone(tmp_path: Path) -> None:
    def leave() -> None:
        """Leave."""
        raise SystemExit(3)

    result = await AgentRuntime(tmp_path, model=script("leave"), tools=[leave]).execute("Leave")
    assert (result.success, result.actions[0].error) == (True, "RuntimeError: SystemExit: 3")


def test_a_thread_that_was_left_alone_does_not_keep_the_process_from_ending(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = f"""
import asyncio, time
from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says
from aksara_agent.tools.adapt import FunctionTool

def look():
    "Look for an hour."
    time.sleep(3600)

model = ScriptedModel(calls(call("look")), says("Too slow."))
runtime = AgentRuntime({str(tmp_path)!r}, model=model, tools=[FunctionTool(look, "read")], tool_timeout_seconds=0.1)
print(runtime.execute_sync("Look").actions[0].status)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "timeout"), ended.stderr
