"""Every fault, as the openai exception that a user of ChatOpenAI sees."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import openai
import pytest
from langchain_openai import ChatOpenAI

from aksara_agent.testing import Entry, LoopbackServer, call, calls, drops, fails, says, stalls

Ask = Callable[[ChatOpenAI], Awaitable[list[str]]]


async def invoke(model: ChatOpenAI) -> list[str]:
    return [str(model.invoke("hi").content)]


async def ainvoke(model: ChatOpenAI) -> list[str]:
    return [str((await model.ainvoke("hi")).content)]


async def stream(model: ChatOpenAI) -> list[str]:
    return [str(chunk.content) for chunk in model.stream("hi")]


async def astream(model: ChatOpenAI) -> list[str]:
    return [str(chunk.content) async for chunk in model.astream("hi")]


in_every_way = pytest.mark.parametrize("ask", [invoke, ainvoke, stream, astream])


@in_every_way
@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (400, openai.BadRequestError, None),
        (401, openai.AuthenticationError, "invalid_api_key"),
        (403, openai.PermissionDeniedError, None),
        (404, openai.NotFoundError, "model_not_found"),
        (422, openai.UnprocessableEntityError, None),
        (429, openai.RateLimitError, "rate_limit_exceeded"),
        (500, openai.InternalServerError, None),
        (503, openai.InternalServerError, None),
    ],
)
async def test_a_status_becomes_the_error_of_the_official_client(
    ask: Ask, status: int, error: type[openai.APIStatusError], code: str | None
) -> None:
    async with LoopbackServer(fails(status), says("Better now.")) as server:
        with pytest.raises(error) as raised:
            await ask(server.chat_model())
        assert (raised.value.status_code, raised.value.code) == (status, code)
        assert "".join(await ask(server.chat_model())) == "Better now."
        server.assert_finished()


async def test_a_rate_limit_says_when_to_come_back() -> None:
    async with LoopbackServer(fails(429, retry_after=1), fails(429)) as server:
        with pytest.raises(openai.RateLimitError) as first:
            server.chat_model().invoke("hi")
        with pytest.raises(openai.RateLimitError) as second:
            server.chat_model().invoke("hi")
    assert first.value.response.headers["retry-after"] == "1"
    assert "retry-after" not in second.value.response.headers


def test_the_official_client_comes_back_by_itself_when_it_may() -> None:
    script: list[Entry] = [fails(429, retry_after=0.01), fails(503, retry_after=0.01), says("At last.")]
    with LoopbackServer(*script) as server:
        assert server.chat_model(max_retries=2).invoke("hi").content == "At last."
        assert len(server.requests) == 3
        server.assert_finished()


def test_a_context_that_is_too_long_has_its_code() -> None:
    with LoopbackServer(fails(400, code="context_length_exceeded")) as server:
        model = server.chat_model()
        with pytest.raises(openai.BadRequestError, match="maximum context length") as raised:
            model.invoke("hi")
    assert raised.value.code == "context_length_exceeded"


def test_code_and_message_can_be_set() -> None:
    script = [fails(429, code="insufficient_quota"), fails(418, message="I am a teapot.")]
    with LoopbackServer(*script) as server:
        model = server.chat_model()
        with pytest.raises(openai.RateLimitError, match="exceeded your current quota") as raised:
            model.invoke("hi")
        with pytest.raises(openai.APIStatusError, match=r"I am a teapot\."):
            model.invoke("hi")
    assert raised.value.code == "insufficient_quota"


@in_every_way
async def test_a_connection_can_drop_before_the_answer(ask: Ask) -> None:
    async with LoopbackServer(drops(), says("Better now.")) as server:
        with pytest.raises(openai.APIConnectionError):
            await ask(server.chat_model())
        assert "".join(await ask(server.chat_model())) == "Better now."


@in_every_way
@pytest.mark.parametrize("after_chunks", [0, 2, 50])
async def test_a_connection_can_drop_in_the_middle_of_the_answer(ask: Ask, after_chunks: int) -> None:
    async with LoopbackServer(drops(after_chunks=after_chunks)) as server:
        with pytest.raises(openai.APIConnectionError):
            await ask(server.chat_model())
        server.assert_finished()


def test_a_dropped_stream_gives_exactly_the_chunks_before_it() -> None:
    seen: list[Any] = []
    with LoopbackServer(drops(after_chunks=2, reply=says("one two three"))) as server:
        model = server.chat_model()
        with pytest.raises(openai.APIConnectionError):
            for chunk in model.stream("hi"):
                seen.append(chunk.content)
    assert [text for text in seen if text] == ["one", " two"]


def test_a_stream_can_drop_within_a_tool_call() -> None:
    parts: list[Any] = []
    reply = calls(call("write_file", path="a.py", content="import os"))
    with LoopbackServer(drops(after_chunks=3, reply=reply)) as server:
        model = server.chat_model()
        with pytest.raises(openai.APIConnectionError):
            for chunk in model.stream("hi"):
                parts += chunk.tool_call_chunks
    assert "".join(part["args"] for part in parts) == '{"path": "a.py",'
    assert parts[0]["id"] == "call_1"


@in_every_way
@pytest.mark.parametrize("after_chunks", [None, 0, 2])
async def test_a_stall_runs_into_the_timeout_of_the_client(ask: Ask, after_chunks: int | None) -> None:
    async with LoopbackServer(stalls(60, after_chunks=after_chunks)) as server:
        with pytest.raises(openai.APITimeoutError):
            await ask(server.chat_model(timeout=0.1))


@in_every_way
@pytest.mark.parametrize("after_chunks", [None, 1])
async def test_after_a_short_stall_the_answer_goes_on(ask: Ask, after_chunks: int | None) -> None:
    async with LoopbackServer(stalls(0.01, after_chunks=after_chunks, reply=says("one two"))) as server:
        assert "".join(await ask(server.chat_model())) == "one two"
        server.assert_finished()


def test_a_stall_lasts_as_long_as_it_says() -> None:
    with LoopbackServer(stalls(0.2, reply=says("late"))) as server:
        began = time.monotonic()
        server.chat_model().invoke("hi")
        assert time.monotonic() - began >= 0.2
