"""run_command in a run: off by default, asked about, and really over when it is over."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from aksara_agent import AgentRuntime, ConfigurationError
from aksara_agent.testing import ScriptedModel, call, calls, says


def test_commands_are_not_offered_unless_they_are_allowed(tmp_path: Path) -> None:
    assert "run_command" not in AgentRuntime(tmp_path, model="offline").resources.tools
    assert "run_command" in AgentRuntime(tmp_path, model="offline", allow_system_tools=True).resources.tools


def test_naming_run_command_without_allowing_it_warns_and_says_what_to_pass(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="pass allow_system_tools=True"):
        runtime = AgentRuntime(tmp_path, model="offline", tools=["run_command", "read_file"])
    assert "run_command" not in runtime.resources.tools


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"require_approval_for": ()}, "without a sandbox and without approval"),
        ({"sandbox_mode": True}, "no sandbox to run commands in"),
    ],
)
def test_commands_that_nobody_would_look_at_are_refused(
    tmp_path: Path, settings: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        AgentRuntime(tmp_path, model="offline", allow_system_tools=True, **settings)  # type: ignore[arg-type]


async def test_a_command_waits_for_approval_and_its_output_is_the_result(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("run_command", command=["echo", "hello"])), says("Said."))
    runtime = AgentRuntime(tmp_path, model=model, allow_system_tools=True)
    waiting = await runtime.execute("Say hello")
    assert waiting.stop_reason == "interrupted" and "echo hello" in waiting.approvals[0]["preview"]
    result = await runtime.resume(waiting.session_id, decisions=[True])
    assert (result.actions[0].output["exit_status"], result.actions[0].output["output"]) == (0, "hello\n")


async def test_at_its_time_limit_a_command_ends_with_all_that_it_started(tmp_path: Path) -> None:
    script = "sleep 6101 & setsid sleep 6102 & (setsid sh -c 'sleep 6103 & exec sleep 6104' &) ; sleep 6105"
    model = ScriptedModel(calls(call("run_command", shell_command=script)), says("Too slow."))
    result = await AgentRuntime(
        tmp_path,
        model=model,
        allow_system_tools=True,
        tool_timeout_seconds=1,
        approval_callback=lambda name, params: True,
    ).execute("Wait")
    assert result.actions[0].status == "unknown"
    lines = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    assert [line for line in lines if line.startswith("sleep 610")] == []
