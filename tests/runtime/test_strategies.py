"""What becomes of a failure: by kind, by setting, by handler, by a person. No effect happens twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime, ConfigurationError, ToolFailed, ToolRetry
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, fails, says
from aksara_agent.tools import Tool, ToolContext

pytestmark = pytest.mark.usefixtures("quick")
PRICES = {"other": {"input": 1, "output": 1}}
EVERY = ("retry", "skip", "abort", "ask")


class Flaky(Tool, abstract=True):
    """Fails so many times, then works; counts how often it really ran."""

    description = "Fetch or change something."

    def __init__(self, name: str, effect: str, failures: int, error: Exception | None = None) -> None:
        self.name, self.effect, self.failures, self.ran = name, effect, failures, 0  # type: ignore[assignment]
        self.error = error or ConnectionError("the line is down")

    async def execute(self) -> str:
        """What it is called for."""
        self.ran += 1
        if self.ran <= self.failures:
            raise self.error
        return "fine"


def script(tool: Flaky) -> ScriptedModel:
    return ScriptedModel(calls(call(tool.name)), says("That was it."))


async def test_a_read_that_fails_in_a_way_that_may_pass_is_tried_again_without_asking_the_model(tmp_path: Path) -> None:
    tool = Flaky("fetch", "read", 2)
    model = script(tool)
    runtime = AgentRuntime(tmp_path, model=model, tools=[tool])
    events = [event async for event in runtime.execute_stream("Fetch")]
    result = events[-1].result  # type: ignore[union-attr]
    assert (tool.ran, len(model.requests)) == (3, 2)
    assert [(a.status, a.attempts, a.output) for a in result.actions] == [("done", 3, "fine")]
    assert [(event.tool, event.attempt) for event in events if event.type == "retry"] == [("fetch", 1), ("fetch", 2)]


async def test_a_read_that_stays_broken_is_told_to_the_model_after_max_retries(tmp_path: Path) -> None:
    tool = Flaky("fetch", "read", 100)
    model = script(tool)
    result = await AgentRuntime(tmp_path, model=model, tools=[tool], max_retries=2).execute("Fetch")
    assert (tool.ran, result.success) == (3, True)
    assert [(a.status, a.attempts) for a in result.actions] == [("failed", 3)]
    assert "the line is down" in str(model.requests[-1][-1].content)


async def test_an_error_in_the_code_of_a_read_is_not_tried_again_unless_the_strategy_says_so(tmp_path: Path) -> None:
    for strategy, ran in ((None, 1), ("retry", 4)):
        tool = Flaky("fetch", "read", 100, KeyError("name"))
        runtime = AgentRuntime(tmp_path, model=script(tool), tools=[tool], error_strategy=strategy)  # type: ignore[arg-type]
        assert (await runtime.execute("Fetch")).success
        assert tool.ran == ran


@pytest.mark.parametrize("strategy", [None, *EVERY])
@pytest.mark.parametrize("effect", ["write", "external"])
async def test_a_tool_that_fails_after_its_effect_is_not_run_again_under_any_strategy(
    tmp_path: Path, strategy: Any, effect: str
) -> None:
    tool = Flaky("charge", effect, 100)
    runtime = AgentRuntime(tmp_path, model=script(tool), tools=[tool], error_strategy=strategy)
    result = await runtime.execute("Charge", error_handler=lambda error, context: "retry" if strategy else None)
    assert tool.ran == 1
    assert [(a.tool, a.status, a.attempts) for a in result.actions] == [("charge", "failed", 1)]


async def test_a_file_tool_that_failed_before_it_wrote_is_tried_again_and_one_that_wrote_is_not(tmp_path: Path) -> None:
    ran: list[str] = []

    class Save(Tool, abstract=True):
        name, description, effect, only_files = "save", "Save a file.", "write", True

        async def execute(self, context: ToolContext, late: bool) -> str:
            ran.append("late" if late else "early")
            if late:
                context.workspace.write("late.txt", "x")
            if len(ran) < 3:
                raise ConnectionError("no line")
            return "saved"

    model = ScriptedModel(calls(call("save", late=False)), calls(call("save", late=True)), says("Done."))
    result = await AgentRuntime(tmp_path, model=model, tools=[Save()]).execute("Save")
    assert ran == ["early", "early", "early", "late"]
    assert [a.status for a in result.actions] == ["done", "done"]
    ran.clear()
    model = ScriptedModel(calls(call("save", late=True)), says("Done."))
    result = await AgentRuntime(tmp_path, model=model, tools=[Save()]).execute("Save")
    assert (ran, result.actions[0].status, result.created_files) == (["late"], "failed", [])
    assert result.modified_files == ["late.txt"], "what it had written by then is told"


async def test_what_a_tool_says_to_the_model_is_no_failure_to_recover_from(tmp_path: Path) -> None:
    for error in (ToolRetry("Use b."), ToolFailed("There is no such thing.")):
        tool = Flaky("fetch", "read", 100, error)
        runtime = AgentRuntime(tmp_path, model=script(tool), tools=[tool], error_strategy="retry")
        result = await runtime.execute("Fetch")
        assert (tool.ran, result.success, result.actions[0].error) == (1, True, str(error))


async def test_skip_goes_on_without_the_call_and_abort_ends_the_run(tmp_path: Path) -> None:
    tool = Flaky("fetch", "read", 100)
    model = script(tool)
    result = await AgentRuntime(tmp_path, model=model, tools=[tool], error_strategy="skip").execute("Fetch")
    assert (tool.ran, result.success) == (1, True)

    tool = Flaky("fetch", "read", 100)
    model = script(tool)
    result = await AgentRuntime(tmp_path, model=model, tools=[tool], error_strategy="abort").execute("Fetch")
    assert (tool.ran, len(model.requests)) == (1, 1)
    assert (result.success, result.stop_reason, result.error) == (False, "aborted", "ConnectionError: the line is down")


async def test_an_aborted_run_can_be_resumed_and_the_model_knows_what_failed(tmp_path: Path) -> None:
    tool = Flaky("fetch", "read", 1)
    model = ScriptedModel(calls(call("fetch")), calls(call("fetch")), says("Fetched."))
    runtime = AgentRuntime(tmp_path, model=model, tools=[tool], error_strategy="abort")
    stopped = await runtime.execute("Fetch")
    result = await runtime.resume(stopped.session_id)
    assert (result.success, [a.status for a in result.actions]) == (True, ["failed", "done"])
    assert "the line is down" in str(model.requests[1][-1].content)


async def test_of_several_failures_each_gets_its_own_strategy(tmp_path: Path) -> None:
    read, write = Flaky("fetch", "read", 1), Flaky("charge", "external", 1)
    model = ScriptedModel(calls(call("fetch"), call("charge")), says("Done."))
    result = await AgentRuntime(tmp_path, model=model, tools=[read, write]).execute("Go")
    assert (read.ran, write.ran) == (2, 1)
    assert {a.tool: a.status for a in result.actions} == {"fetch": "done", "charge": "failed"}
    told = {message.name: message.content for message in model.requests[-1] if message.type == "tool"}
    assert told == {"fetch": "fine", "charge": "ConnectionError: the line is down"}


@pytest.mark.parametrize("answer", ["retry", True, {"type": "approve"}])
async def test_a_person_who_is_asked_may_let_it_try_again(tmp_path: Path, answer: Any) -> None:
    tool, asked = Flaky("fetch", "read", 1), []

    async def approve(tool_name: str, params: dict[str, Any], request: dict[str, Any]) -> Any:
        asked.append((tool_name, request["error"]))
        return answer

    runtime = AgentRuntime(tmp_path, model=script(tool), tools=[tool], error_strategy="ask", approval_callback=approve)
    result = await runtime.execute("Fetch")
    assert asked == [("fetch", "ConnectionError: the line is down")]
    assert (tool.ran, result.success) == (2, True)


async def test_without_an_approver_the_question_waits_and_is_answered_later_by_another_runtime(tmp_path: Path) -> None:
    for answer, stop_reason, ran in (("retry", "completed", 2), ("skip", "completed", 1), ("abort", "aborted", 1)):
        tool = Flaky("fetch", "read", 1)
        model = script(tool)
        waiting = await AgentRuntime(tmp_path, model=model, tools=[tool], error_strategy="ask").execute("Fetch")
        assert (waiting.stop_reason, waiting.approvals[0]["error"]) == (
            "interrupted",
            "ConnectionError: the line is down",
        )
        later = AgentRuntime(tmp_path, model=model, tools=[tool])
        with pytest.raises(ConfigurationError, match="'retry', 'skip', 'abort'"):
            await later.resume(waiting.session_id, decisions=["perhaps"])
        result = await later.resume(waiting.session_id, decisions=[answer])
        assert (result.stop_reason, tool.ran) == (stop_reason, ran)


async def test_a_person_may_be_asked_about_the_model_too(tmp_path: Path) -> None:
    with LoopbackServer(fails(401), says("Back again.")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url, error_strategy="ask") as runtime:
            waiting = await runtime.execute("Hello")
            assert [request["name"] for request in waiting.approvals] == ["model"]
            result = await runtime.resume(waiting.session_id, decisions=["retry"])
    assert (result.success, result.output) == (True, "Back again.")


async def test_an_error_handler_sees_the_real_error_and_its_word_counts(tmp_path: Path) -> None:
    seen: list[Any] = []

    async def handler(error: Exception, context: Any) -> str | None:
        seen.append((type(error), context.source, context.tool, context.kind, context.attempt, context.retryable))
        return "retry" if isinstance(error, LookupError) else "abort"

    tool = Flaky("fetch", "read", 1, LookupError("not yet"))
    result = await AgentRuntime(tmp_path, model=script(tool), tools=[tool], error_handler=handler).execute("Fetch")
    assert (result.success, tool.ran) == (True, 2)
    assert seen == [(LookupError, "tool", "fetch", "unexpected", 1, True)]

    tool = Flaky("fetch", "read", 1)
    result = await AgentRuntime(tmp_path, model=script(tool), tools=[tool], error_handler=handler).execute("Fetch")
    assert (result.stop_reason, tool.ran) == ("aborted", 1)


async def test_the_error_of_the_spec_a_rate_limit_reaches_the_handler_as_the_provider_s_own_class(
    tmp_path: Path,
) -> None:
    from openai import RateLimitError

    async def my_error_handler(error: Exception, context: Any) -> str:
        return "retry" if isinstance(error, RateLimitError) else "abort"

    with LoopbackServer(fails(429), says("Now."), fails(500)) as server:
        async with AgentRuntime(
            tmp_path, model="openai:x", base_url=server.base_url, error_handler=my_error_handler
        ) as runtime:
            assert (await runtime.execute("Go")).output == "Now."
            assert (await runtime.execute("Go")).stop_reason == "aborted"


@pytest.mark.parametrize(
    ("handler", "words"),
    [
        (lambda error, context: "perhaps", "error_handler returned 'perhaps'; return one of ('retry', 'skip'"),
        (lambda error, context: 1 / 0, "error_handler raised ZeroDivisionError"),
    ],
)
async def test_a_handler_that_raises_or_talks_nonsense_ends_the_run_and_says_so(
    tmp_path: Path, handler: Any, words: str
) -> None:
    tool = Flaky("fetch", "read", 1)
    result = await AgentRuntime(tmp_path, model=script(tool), tools=[tool], error_handler=handler).execute("Fetch")
    assert (result.stop_reason, len(result.actions)) == ("aborted", 1)
    assert words in str(result.error) and "the line is down" in str(result.error)


async def test_a_handler_that_has_no_opinion_leaves_it_to_the_strategy(tmp_path: Path) -> None:
    tool = Flaky("fetch", "read", 1)
    result = await AgentRuntime(
        tmp_path, model=script(tool), tools=[tool], error_handler=lambda error, context: None
    ).execute("Fetch")
    assert (result.success, tool.ran) == (True, 2)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"error_strategy": "rety"}, "error_strategy='rety'.*'retry', 'skip', 'abort' or 'ask'"),
        ({"error_strategy": "retry", "max_retries": 0}, "contradicts max_retries=0"),
        ({"error_strategy": "retry", "retry_on_error": False}, "contradicts retry_on_error=False"),
        ({"max_cost": 1.0}, "max_cost needs prices"),
        ({"max_cost": 1.0, "prices": PRICES, "model": ScriptedModel()}, "needs a price for 'scripted'"),
        ({"log_reasoning": True}, "needs log_actions=True"),
        ({"max_input_tokens": 0}, "max_input_tokens=0"),
        ({"max_cost": -1}, "max_cost=-1"),
        ({"tool_timeout_seconds": 0}, "tool_timeout_seconds=0"),
        ({"error_handler": "retry"}, "error_handler='retry' is not a function"),
        ({"error_handler": lambda error: "retry"}, r"must be callable as error_handler\(error, context\)"),
        ({"fallback_models": ["nowhere"]}, "'nowhere' does not name a provider"),
    ],
)
def test_what_contradicts_itself_or_cannot_be_called_is_refused_at_construction(
    tmp_path: Path, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        AgentRuntime(tmp_path, **{"model": "offline", **arguments})
