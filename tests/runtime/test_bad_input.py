"""Wrong input ends with a typed exception that names it, or with a clear error in the result. Never a hang."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime, AksaraAgentError, ConfigurationError, ProjectError, UnknownTool
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, fails, says


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": "gpt-next"}, "'gpt-next' does not name a provider"),
        ({"model": "openai:"}, "'openai:' does not name a provider"),
        ({"model": "nowhere:model"}, "'nowhere:model'"),
        ({"model": "openai:gpt-4o-mini"}, "No API key for 'gpt-4o-mini'"),
        ({"base_url": "http://127.0.0.1:1/v1"}, "no model; name one"),
        ({"tools": ["describe_modle"]}, "Unknown tool 'describe_modle'. Did you mean 'describe_model'"),
        ({"tools": []}, "leaves the agent nothing to act with"),
        ({"tools": "list_models"}, r"give a list: tools=\['list_models'\]"),
        ({"tools": [42]}, "42 is not a tool"),
        ({"tools": ["write_file"], "allow_writes": False}, "allow_writes=False leaves none of the tools write_file"),
        ({"tools_folder": "/nowhere"}, "tools folder '/nowhere' is not a directory"),
        ({"max_iterations": "many"}, "max_iterations='many' from the arguments"),
        ({"max_iterations": 0}, "max_iterations=0 from the arguments"),
        ({"timeout_seconds": -1}, "timeout_seconds=-1 from the arguments"),
        ({"max_iteration": 5}, "Unknown setting 'max_iteration' in the arguments. Did you mean 'max_iterations'"),
    ],
)
def test_wrong_arguments_are_refused_at_construction_by_name(
    tmp_path: Path, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        AgentRuntime(tmp_path, **arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"task": ""}, "The task is empty"),
        ({"task": " \n"}, "The task is empty"),
        ({"task": 7}, "must be a string, not int"),
        ({"task": "x" * 1_000_000}, "has 1,000,000 characters, at most 200,000"),
        ({"task": "x", "goal": "y"}, "not both"),
        ({"task": "x", "mode": "supervized"}, "Unknown mode 'supervized'. Did you mean 'supervised'"),
        ({"task": "x", "tools": ["nothing"]}, "Unknown tool 'nothing'"),
        ({"task": "x", "max_retries": -1}, "max_retries=-1"),
    ],
)
async def test_wrong_options_of_a_run_are_refused_by_name(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        await AgentRuntime(tmp_path).execute(**options)


def test_a_project_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=re.escape(str(tmp_path / "nowhere"))):
        AgentRuntime(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(ProjectError, match="is a file"):
        AgentRuntime(tmp_path / "file")


def test_unknown_tool_is_one_of_our_errors() -> None:
    assert issubclass(UnknownTool, ConfigurationError)
    assert issubclass(ConfigurationError, AksaraAgentError)


async def test_an_endpoint_that_is_down_ends_as_model_error(tmp_path: Path) -> None:
    async with AgentRuntime(tmp_path, model="openai:x", base_url="http://127.0.0.1:9/v1", max_retries=1) as runtime:
        result = await runtime.execute("Hello")
    assert (result.success, result.stop_reason) == (False, "model_error")
    assert "Check that the endpoint is up" in str(result.error)


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "Check the API key"), (404, "Check the model's name"), (400, "asking again would not help")],
)
async def test_a_refused_request_is_not_repeated_and_says_what_to_check(
    tmp_path: Path, status: int, advice: str
) -> None:
    with LoopbackServer(fails(status)) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            result = await runtime.execute("Hello")
        assert len(server.requests) == 1
    assert result.stop_reason == "model_error"
    assert advice in str(result.error)


async def test_a_model_that_answers_with_nothing_is_asked_again_then_given_up(tmp_path: Path) -> None:
    with LoopbackServer(says(""), says("")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url, max_retries=1) as runtime:
            result = await runtime.execute("Hello")
        server.assert_finished()
    assert result.stop_reason == "model_error"
    assert "answered with nothing" in str(result.error)


async def test_a_model_that_calls_an_unknown_tool_is_told_the_close_ones(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("list_model")), says("Sorry."), strict=False)
    result = await AgentRuntime(tmp_path, model=model).execute("List")
    assert "Did you mean 'list_models'" in str(result.actions[0].error)
    assert result.success


async def test_a_model_that_sends_wrong_arguments_is_told_the_right_ones(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("read_file", file="a.py", start="one")), says("Sorry."), strict=False)
    result = await AgentRuntime(tmp_path, model=model).execute("Read")
    assert "Its arguments are: path (string, required)" in str(result.actions[0].error)


async def test_a_model_that_repeats_the_same_call_is_warned_once_and_stopped_when_it_goes_on(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("list_models")), repeat_last=True)
    result = await AgentRuntime(tmp_path, model=model).execute("List")
    assert (result.success, result.stop_reason) == (False, "loop_detected")
    assert len(result.actions) == 4
    warned = [any("same call several times" in str(m.content) for m in request) for request in model.requests]
    assert warned == [False, False, False, True]


async def test_a_model_that_goes_back_and_forth_is_warned_once_and_stopped_when_it_goes_on(tmp_path: Path) -> None:
    there, back = calls(call("list_models")), calls(call("search_code", text="x"))
    model = ScriptedModel(there, back, there, back, there, back)
    result = await AgentRuntime(tmp_path, model=model).execute("Look")
    assert (result.stop_reason, len(result.actions)) == ("loop_detected", 5)


async def test_a_model_that_heeds_the_warning_goes_on_and_is_warned_anew_of_another_circle(tmp_path: Path) -> None:
    again, other = calls(call("list_models")), calls(call("search_code", text="x"))
    model = ScriptedModel(again, again, again, other, other, other, says("I give up."))
    result = await AgentRuntime(tmp_path, model=model).execute("Look")
    assert (result.success, len(result.actions)) == (True, 6)
    warned = [number for number, r in enumerate(model.requests) if "several times" in str(r[-1].content)]
    assert warned == [3, 6]


async def test_a_model_that_never_ends_is_stopped_with_what_was_done(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("\n".join(map(str, range(100))))
    numbered = [calls(call("read_file", path="notes.txt", start=start)) for start in range(1, 20)]
    result = await AgentRuntime(tmp_path, model=ScriptedModel(*numbered), max_iterations=4).execute("Read")
    assert (result.success, result.stop_reason, result.iterations) == (False, "max_iterations", 4)
    assert len(result.actions) == 4
    result = await AgentRuntime(tmp_path, model=ScriptedModel(*numbered), max_tool_calls=3).execute("Read")
    assert (result.stop_reason, len(result.actions)) == ("max_tool_calls", 3)
    result = await AgentRuntime(tmp_path, model=ScriptedModel(*numbered), max_total_tokens=100).execute("Read")
    assert result.stop_reason == "max_total_tokens"
    assert result.actions


async def test_a_chat_model_that_cannot_use_tools_is_refused(tmp_path: Path) -> None:
    from langchain_core.language_models import FakeListChatModel

    with pytest.raises(ConfigurationError, match="FakeListChatModel cannot use tools"):
        AgentRuntime(tmp_path, model=FakeListChatModel(responses=["x"]))


async def test_a_stalling_endpoint_ends_at_the_run_s_timeout(tmp_path: Path) -> None:
    from aksara_agent.testing import stalls

    with LoopbackServer(stalls(30)) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url, timeout_seconds=0.3) as runtime:
            result = await runtime.execute("Hello")
    assert (result.success, result.stop_reason) == (False, "timeout")
