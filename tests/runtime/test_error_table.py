"""What each fault of a provider leads to: over real HTTP, through ChatOpenAI."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, call, calls, drops, fails, says, stalls

DONE = says("Done.")
LIST = calls(call("list_models"))
TOO_LONG = fails(400, code="context_length_exceeded")


@pytest.mark.parametrize(
    ("script", "stop_reason", "requests", "words"),
    [
        ([fails(429, retry_after=0.01), DONE], "completed", 2, "Done."),
        ([fails(429, retry_after=0.01)] * 4, "model_error", 4, "rate limit"),
        ([fails(500), DONE], "completed", 2, "Done."),
        ([fails(503), fails(503), DONE], "completed", 3, "Done."),
        ([drops(), DONE], "completed", 2, "Done."),
        ([drops(after_chunks=1, reply=says("Half an answer")), DONE], "completed", 2, "Done."),
        ([fails(400)], "model_error", 1, "asking again would not help"),
        ([fails(401)], "model_error", 1, "Check the API key"),
        ([fails(403)], "model_error", 1, "Check the API key"),
        ([fails(404)], "model_error", 1, "Check the model's name"),
        ([TOO_LONG], "model_error", 1, "longer than the model can read"),
        ([says(""), DONE], "completed", 2, "Done."),
        ([calls(call("list_models", raw_arguments='{"a": ')), DONE], "completed", 2, "Done."),
        ([calls(call("list_modules")), DONE], "completed", 2, "Done."),
        ([says("I cannot help with that.", finish_reason="content_filter")], "completed", 1, "I cannot help"),
        ([LIST, fails(500), DONE], "completed", 3, "Done."),
        ([LIST, fails(401)], "model_error", 2, "Check the API key"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, list) else None,
)
@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
async def test_each_fault_has_its_outcome_its_number_of_requests_and_its_message(
    tmp_path: Path, script: list[Any], stop_reason: str, requests: int, words: str, stream: bool, quick: None
) -> None:
    with LoopbackServer(*script) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            if stream:
                result = [event async for event in runtime.execute_stream("Go")][-1].result  # type: ignore[union-attr]
            else:
                result = await runtime.execute("Go")
        assert len(server.requests) == requests
    assert result.stop_reason == stop_reason
    assert words in f"{result.output} {result.error}"
    assert len(result.actions) == sum(bool(getattr(entry, "tool_calls", ())) for entry in script)


async def test_a_stall_ends_at_the_time_of_the_run_and_keeps_what_was_done(tmp_path: Path) -> None:
    with LoopbackServer(LIST, stalls(30)) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url, timeout_seconds=1) as runtime:
            result = await runtime.execute("Go")
    assert (result.stop_reason, [a.tool for a in result.actions]) == ("timeout", ["list_models"])


async def test_a_wait_that_the_run_has_no_time_for_is_not_begun(tmp_path: Path) -> None:
    with LoopbackServer(fails(429, retry_after=3600)) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url, timeout_seconds=60) as runtime:
            result = await runtime.execute("Go")
        assert len(server.requests) == 1
    assert result.stop_reason == "timeout"
    assert "rate limit" in str(result.error).lower()
    assert result.duration_ms < 30_000


async def test_without_retry_on_error_nothing_is_asked_again(tmp_path: Path) -> None:
    with LoopbackServer(fails(500)) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url, retry_on_error=False) as runtime:
            result = await runtime.execute("Go")
        assert len(server.requests) == 1
    assert result.stop_reason == "model_error"


async def test_the_next_model_steps_in_when_one_is_refused_or_stays_away(tmp_path: Path, quick: None) -> None:
    with LoopbackServer(LIST, fails(401)) as first, LoopbackServer(fails(503), fails(503)) as second:
        with LoopbackServer(says("Done by the third.")) as third:
            runtime = AgentRuntime(
                tmp_path,
                model=first.chat_model(),
                fallback_models=[second.chat_model(), third.chat_model()],
                max_retries=1,
            )
            events = [event async for event in runtime.execute_stream("Go")]
            told = third.requests[0]["messages"]
        assert (len(first.requests), len(second.requests)) == (2, 2)
    result = events[-1].result  # type: ignore[union-attr]
    assert (result.success, result.output) == (True, "Done by the third.")
    assert [message["role"] for message in told] == ["system", "user", "assistant", "tool"], "it goes on from there"
    assert [event.kind for event in events if event.type == "error"] == ["authentication", "server"]


async def test_a_long_wait_is_not_waited_for_when_another_model_is_there(tmp_path: Path) -> None:
    with LoopbackServer(fails(429, retry_after=3600)) as first, LoopbackServer(DONE) as second:
        runtime = AgentRuntime(
            tmp_path, model=first.chat_model(), fallback_models=[second.chat_model()], timeout_seconds=None
        )
        result = await runtime.execute("Go")
    assert result.output == "Done."


async def test_a_model_that_is_named_is_found_for_the_fallback_too(tmp_path: Path) -> None:
    with LoopbackServer(fails(401), DONE) as server:
        async with AgentRuntime(
            tmp_path, model="openai:a", fallback_models=["openai:b"], base_url=server.base_url
        ) as runtime:
            result = await runtime.execute("Go")
        assert [request["model"] for request in server.requests] == ["a", "b"]
    assert result.success
