"""The basic path of each mode; single is what all other tests use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime, SessionError
from aksara_agent.testing import ScriptedModel, call, calls, says

WRITE = calls(call("write_file", path="a.txt", content="one"))


async def test_a_session_remembers_earlier_turns_until_it_ends(tmp_path: Path) -> None:
    model = ScriptedModel(says("Hello Ann."), says("You are Ann."))
    session = AgentRuntime(tmp_path, model=model).start_session()
    first = await session.send("I am Ann")
    second = await session.send("Who am I?")
    assert (first.output, second.output) == ("Hello Ann.", "You are Ann.")
    assert first.session_id == second.session_id == session.id
    assert [str(m.content) for m in model.requests[1][1:]] == ["I am Ann", "Hello Ann.", "Who am I?"]
    await session.end()
    with pytest.raises(SessionError, match="has ended"):
        await session.send("Still there?")


async def test_each_turn_has_its_own_iterations_and_actions(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("list_models")), says("None."), says("Bye."))
    session = AgentRuntime(tmp_path, model=model).start_session()
    first, second = await session.send("Models?"), await session.send("Bye")
    assert (first.iterations, len(first.actions)) == (2, 1)
    assert (second.iterations, len(second.actions)) == (1, 0)
    assert second.usage["total_tokens"] > first.usage["total_tokens"], "usage counts the session"


async def test_an_autonomous_run_goes_on_until_the_goal_is_reached(tmp_path: Path) -> None:
    model = ScriptedModel(says("I think I am done."), calls(call("goal_reached", evidence="a.txt holds it")))
    result = await AgentRuntime(tmp_path, model=model).execute(goal="Write a.txt", mode="autonomous")
    assert result.success
    assert result.iterations == 2
    assert "goal_reached" in str(model.requests[1][-1].content), "an answer alone does not end the run"


async def test_an_autonomous_run_ends_at_its_limit_with_what_was_done(tmp_path: Path) -> None:
    model = ScriptedModel(WRITE, says("Hm."), says("Well."), strict=False)
    result = await AgentRuntime(tmp_path, model=model).execute(goal="Never", mode="autonomous", max_iterations=3)
    assert (result.success, result.stop_reason) == (False, "max_iterations")
    assert result.created_files == ["a.txt"]


async def test_a_supervised_write_happens_only_after_approval(tmp_path: Path) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    async def approve(tool_name: str, params: dict[str, Any]) -> bool:
        assert not (tmp_path / "a.txt").exists()
        asked.append((tool_name, params))
        return True

    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")), approval_callback=approve)
    result = await runtime.execute("Write", mode="supervised")
    assert asked == [("write_file", {"path": "a.txt", "content": "one"})]
    assert (result.created_files, result.actions[0].approval) == (["a.txt"], "approve")


async def test_a_rejected_write_does_not_happen_and_the_model_hears_why(tmp_path: Path) -> None:
    model = ScriptedModel(WRITE, says("All right."))
    runtime = AgentRuntime(tmp_path, model=model)
    reject = {"type": "reject", "message": "Not today."}
    result = await runtime.execute("Write", mode="supervised", approval_callback=lambda tool, params: reject)
    assert (result.actions[0].status, result.created_files) == ("rejected", [])
    assert not (tmp_path / "a.txt").exists()
    assert model.requests[1][-1].content == "Not today."


async def test_an_edited_write_happens_as_edited(tmp_path: Path) -> None:
    edited = {"name": "write_file", "args": {"path": "a.txt", "content": "two"}}
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")))
    decision = {"type": "edit", "edited_action": edited}
    result = await runtime.execute("Write", mode="supervised", approval_callback=lambda tool, params: decision)
    assert (tmp_path / "a.txt").read_text() == "two"
    assert result.actions[0].input == edited["args"]


async def test_without_an_approver_a_supervised_run_stops_before_the_write(tmp_path: Path) -> None:
    result = await AgentRuntime(tmp_path, model=ScriptedModel(WRITE)).execute("Write", mode="supervised")
    assert (result.success, result.stop_reason) == (False, "interrupted")
    assert [request["name"] for request in result.approvals] == ["write_file"]
    assert not (tmp_path / "a.txt").exists()


async def test_interactive_asks_before_reads_too(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("list_models")), says("I may not."))
    runtime = AgentRuntime(tmp_path, model=model, approval_callback=lambda tool, params: False)
    result = await runtime.execute("Look", interactive=True)
    assert result.actions[0].status == "rejected"
