"""Functions of the user's own around tools, models and progress; each with one rule for its own errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from aksara_agent import AgentRuntime, ConfigurationError
from aksara_agent.testing import ScriptedModel, call, calls, says

WRITE = calls(call("write_file", path="a.txt", content="one"))


def model() -> ScriptedModel:
    return ScriptedModel(WRITE, says("Done."))


async def test_before_tool_sees_the_call_and_allows_it(tmp_path: Path) -> None:
    seen: list[Any] = []

    async def before_tool(tool_name: str, params: dict[str, Any]) -> bool:
        seen.append((tool_name, params, (tmp_path / "a.txt").exists()))
        return True

    result = await AgentRuntime(tmp_path, model=model(), before_tool=before_tool).execute("Write")
    assert seen == [("write_file", {"path": "a.txt", "content": "one"}, False)]
    assert result.created_files == ["a.txt"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [(False, "Blocked by before_tool."), ("yes", "use True, False, or a dict"), (1, "returned 1"), ([], "returned []")],
)
async def test_a_call_that_before_tool_does_not_clearly_allow_is_blocked_and_the_model_is_told(
    tmp_path: Path, answer: Any, words: str
) -> None:
    scripted = model()
    result = await AgentRuntime(tmp_path, model=scripted, before_tool=lambda name, params: answer).execute("Write")
    assert not (tmp_path / "a.txt").exists()
    assert (result.success, result.actions[0].status) == (True, "denied")
    assert words in str(scripted.requests[-1][-1].content)


async def test_what_a_hook_blocks_is_denied_also_after_a_person_has_approved_it(tmp_path: Path) -> None:
    result = await AgentRuntime(tmp_path, model=model(), before_tool=lambda name, params: False).execute(
        "Write", mode="supervised", approval_callback=lambda name, params: True
    )
    assert (result.actions[0].status, result.actions[0].approval) == ("denied", "approve")


async def test_a_call_of_unknown_outcome_asks_again_also_when_a_hook_had_changed_it(tmp_path: Path) -> None:
    import asyncio

    async def deploy(target: str) -> None:
        """Deploy slowly."""
        await asyncio.sleep(60)

    scripted = ScriptedModel(*(calls(call("deploy", target=target)) for target in ("a", "a", "b")))
    runtime = AgentRuntime(
        tmp_path, model=scripted, tools=[deploy], tool_timeout_seconds=0.05,
        before_tool=lambda name, params: {"target": "b"},
    )  # fmt: skip
    result = await runtime.execute("Deploy", session_id="s")
    assert (result.stop_reason, [a.status for a in result.actions]) == ("interrupted", ["unknown"])
    result = await runtime.resume("s", decisions=[False])
    assert result.stop_reason == "interrupted", "what was really deployed asks, too"


async def test_a_before_tool_that_only_looks_and_returns_nothing_allows(tmp_path: Path) -> None:
    result = await AgentRuntime(tmp_path, model=model(), before_tool=lambda name, params: None).execute("Write")
    assert result.created_files == ["a.txt"]


async def test_a_before_tool_that_raises_blocks_the_call(tmp_path: Path) -> None:
    async def before_tool(tool_name: str, params: dict[str, Any]) -> bool:
        raise OSError("no policy server")

    result = await AgentRuntime(tmp_path, model=model(), before_tool=before_tool).execute("Write")
    assert not (tmp_path / "a.txt").exists()
    assert "before_tool raised OSError: no policy server" in str(result.actions[0].error)


async def test_before_tool_may_change_the_params_and_the_action_says_so(tmp_path: Path) -> None:
    result = await AgentRuntime(
        tmp_path, model=model(), before_tool=lambda name, params: {**params, "content": "two"}
    ).execute("Write")
    assert (tmp_path / "a.txt").read_text() == "two"
    assert result.actions[0].input == {"path": "a.txt", "content": "two"}
    assert result.actions[0].note == "before_tool changed the arguments."


async def test_changed_params_are_checked_like_the_model_s_own(tmp_path: Path) -> None:
    result = await AgentRuntime(tmp_path, model=model(), before_tool=lambda name, params: {"file": "a"}).execute("W")
    assert result.actions[0].status == "failed"
    assert "Its arguments are: path" in str(result.actions[0].error)


async def test_after_tool_sees_the_result_and_may_replace_what_the_model_and_the_result_get(tmp_path: Path) -> None:
    seen: list[Any] = []

    def after_tool(tool_name: str, result: Any) -> Any:
        seen.append((tool_name, result["path"]))
        return {"path": "hidden"}

    scripted = model()
    result = await AgentRuntime(tmp_path, model=scripted, after_tool=after_tool).execute("Write")
    assert seen == [("write_file", "a.txt")]
    assert result.actions[0].output == {"path": "hidden"}
    assert scripted.requests[-1][-1].content == '{"path":"hidden"}'
    assert result.created_files == ["a.txt"], "what happened, happened"


async def test_an_after_tool_that_raises_changes_nothing_and_the_action_says_so(tmp_path: Path) -> None:
    result = await AgentRuntime(tmp_path, model=model(), after_tool=lambda name, result: 1 / 0).execute("Write")
    assert (result.success, result.actions[0].status) == (True, "done")
    assert "after_tool raised ZeroDivisionError" in str(result.actions[0].note)


async def test_after_tool_is_not_called_for_a_call_that_failed(tmp_path: Path) -> None:
    seen: list[str] = []
    scripted = ScriptedModel(calls(call("read_file", path="nowhere.txt")), says("Done."))
    await AgentRuntime(tmp_path, model=scripted, after_tool=lambda name, result: seen.append(name)).execute("Read")
    assert seen == []


async def test_before_model_may_change_what_is_sent_and_after_model_what_came_back(tmp_path: Path) -> None:
    scripted = ScriptedModel(says("secret word"))
    result = await AgentRuntime(
        tmp_path,
        model=scripted,
        before_model=lambda messages: [*messages, HumanMessage("Be brief.")],
        after_model=lambda message: AIMessage(message.content.replace("secret", "[…]"), id=message.id),
    ).execute("Talk")
    assert scripted.requests[0][-1].content == "Be brief."
    assert result.output == "[…] word"


@pytest.mark.parametrize("hook", [lambda messages: 1 / 0, lambda messages: "hello"])
async def test_a_before_model_that_breaks_ends_the_run_before_the_model_is_asked(tmp_path: Path, hook: Any) -> None:
    scripted = ScriptedModel(says("Hello."))
    result = await AgentRuntime(tmp_path, model=scripted, before_model=hook).execute("Talk")
    assert (result.stop_reason, scripted.requests) == ("aborted", [])
    assert "before_model" in str(result.error)


@pytest.mark.parametrize("hook", [lambda message: 1 / 0, lambda message: "hello"])
async def test_an_after_model_that_breaks_leaves_the_answer_and_is_told_as_an_event(tmp_path: Path, hook: Any) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("Hello.")), after_model=hook)
    events = [event async for event in runtime.execute_stream("Talk")]
    assert events[-1].output == "Hello."  # type: ignore[union-attr]
    assert ["after_model" in event.error for event in events if event.type == "error"] == [True]


async def test_progress_is_told_for_each_cycle_with_its_limits_time_and_tokens(tmp_path: Path) -> None:
    told: list[Any] = []

    async def on_progress(event: Any) -> None:
        told.append(event)

    await AgentRuntime(tmp_path, model=model(), progress_callback=on_progress, max_iterations=7).execute("Write")
    assert [(e.iteration, e.max_iterations, e.status, e.tool) for e in told] == [
        (1, 7, "thinking", None),
        (1, 7, "using write_file", "write_file"),
        (2, 7, "thinking", None),
    ]
    assert told[2].tokens == 15 and told[2].elapsed_seconds > 0
    assert f"[{told[0].iteration}/{told[0].max_iterations}] {told[0].status}" == "[1/7] thinking"


async def test_a_progress_callback_that_breaks_disturbs_nobody_and_is_told(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=model(), progress_callback=lambda event: 1 / 0)
    events = [event async for event in runtime.execute_stream("Write")]
    assert events[-1].result.success  # type: ignore[union-attr]
    assert any(event.type == "error" and "progress_callback raised" in event.error for event in events)


async def test_hooks_may_be_given_for_one_run_alone(tmp_path: Path) -> None:
    seen: list[str] = []
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Done."), WRITE, says("Done.")))
    await runtime.execute("Write", before_tool=lambda name, params: seen.append(name))
    await runtime.execute("Write")
    assert seen == ["write_file"]


async def test_a_hook_that_waits_for_a_person_does_not_hold_up_other_runs(tmp_path: Path) -> None:
    import asyncio
    import threading

    answered = threading.Event()
    slow = AgentRuntime(tmp_path, model=model(), before_tool=lambda name, params: answered.wait(20))
    waiting = asyncio.create_task(slow.execute("Write"))
    other = await AgentRuntime(tmp_path, model=ScriptedModel(says("Hello."))).execute("Talk")
    assert other.success and not waiting.done()
    answered.set()
    assert (await waiting).created_files == ["a.txt"]


@pytest.mark.parametrize(
    "name", ["before_tool", "after_tool", "before_model", "after_model", "progress_callback", "error_handler"]
)
def test_a_hook_with_the_wrong_signature_is_refused_by_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} must be callable as {name}"):
        AgentRuntime(tmp_path, model="offline", **{name: lambda: None})  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match=f"{name}=7 is not a function"):
        AgentRuntime(tmp_path, model="offline", **{name: 7})  # type: ignore[arg-type]
