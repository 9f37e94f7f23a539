"""What the real ChatOpenAI client reads from a LoopbackServer, plain and streamed, sync and async."""

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, SystemMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, InternalServerError

from aksara_agent.testing import LoopbackServer, Reply, ScriptError, call, calls, says


@tool
def read_file(path: str) -> str:
    """Reads a file."""
    return path


def whole(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    message = chunks[0]
    for chunk in chunks[1:]:
        message += chunk
    return message


async def in_four_ways(reply: Reply, **options: Any) -> list[AIMessage]:
    """The answer as ChatOpenAI reads it: invoke, ainvoke, stream, astream."""
    async with LoopbackServer(reply, repeat_last=True) as server:
        model = server.chat_model(**options)
        answers: list[AIMessage] = [model.invoke("hi"), await model.ainvoke("hi")]
        answers.append(whole(list(model.stream("hi"))))
        answers.append(whole([chunk async for chunk in model.astream("hi")]))
        assert [body.get("stream", False) for body in server.requests] == [False, False, True, True]
        return answers


async def test_words_usage_and_finish_reason_arrive() -> None:
    text = "It has\n five models. Größe 数"
    for message in await in_four_ways(says(text, input_tokens=700, output_tokens=3)):
        assert message.content == text
        assert message.response_metadata["finish_reason"] == "stop"
        assert message.usage_metadata is not None
        assert message.usage_metadata["input_tokens"] == 700
        assert message.usage_metadata["total_tokens"] == 703


async def test_parallel_tool_calls_arrive_in_order() -> None:
    reply = calls(call("read_file", path="a b c.py"), call("list_models"), text="Looking.")
    for number, message in enumerate(await in_four_ways(reply)):
        first = 1 + 2 * number
        assert message.tool_calls == [
            {"name": "read_file", "args": {"path": "a b c.py"}, "id": f"call_{first}", "type": "tool_call"},
            {"name": "list_models", "args": {}, "id": f"call_{first + 1}", "type": "tool_call"},
        ]
        assert message.content == "Looking."
        assert message.response_metadata["finish_reason"] == "tool_calls"


@pytest.mark.parametrize("finish_reason", ["length", "content_filter"])
async def test_an_empty_answer_and_its_finish_reason_arrive(finish_reason: str) -> None:
    for message in await in_four_ways(says("", finish_reason=finish_reason)):
        assert (message.content, message.tool_calls) == ("", [])
        assert message.response_metadata["finish_reason"] == finish_reason


async def test_a_provider_that_sends_no_usage() -> None:
    assert [message.usage_metadata for message in await in_four_ways(says("x", usage=None))] == [None] * 4


async def test_a_stream_has_usage_only_if_the_client_asks_for_it() -> None:
    plain, _, streamed, _ = await in_four_ways(says("x"), stream_usage=False)
    assert plain.usage_metadata is not None
    assert streamed.usage_metadata is None


async def test_malformed_arguments_arrive_as_they_are() -> None:
    plain, _, streamed, _ = await in_four_ways(calls(call("read_file", raw_arguments='{"path": "a.p')))
    assert plain.tool_calls == []
    assert plain.invalid_tool_calls[0]["args"] == '{"path": "a.p'
    # LangChain mends what is cut off in a stream and shows a valid call; only the chunk has the truth.
    assert isinstance(streamed, AIMessageChunk)
    assert streamed.tool_calls[0]["args"] == {"path": "a.p"}
    assert streamed.tool_call_chunks[0]["args"] == '{"path": "a.p'


async def test_text_and_arguments_are_streamed_in_pieces() -> None:
    async with LoopbackServer(says("one two three"), calls(call("a", text="one two three"))) as server:
        model = server.chat_model()
        texts = [chunk.content async for chunk in model.astream("hi")]
        parts = [part async for chunk in model.astream("hi") for part in chunk.tool_call_chunks]
    assert [text for text in texts if text] == ["one", " two", " three"]
    assert [part["args"] for part in parts] == ["", '{"text":', ' "one', " two", ' three"}']


def test_the_server_keeps_what_was_sent() -> None:
    with LoopbackServer(says("x"), says("y")) as server:
        model = server.chat_model(model="gpt-x", temperature=0.5, api_key="secret")
        model.bind_tools([read_file]).invoke([SystemMessage("Be brief."), ("user", "hi")])
        model.invoke("more")
    first, second = server.requests
    assert first["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "hi"},
    ]
    assert (first["model"], first["temperature"]) == ("gpt-x", 0.5)
    assert first["tools"][0]["function"]["name"] == "read_file"
    assert second["messages"] == [{"role": "user", "content": "more"}]
    assert [headers["authorization"] for headers in server.headers] == ["Bearer secret"] * 2
    server.assert_finished()


def test_a_whole_conversation_with_a_tool_goes_through() -> None:
    with LoopbackServer(calls(call("read_file", path="a.py")), says("Done.")) as server:
        model = server.chat_model().bind_tools([read_file])
        asked = model.invoke("hi")
        answer = model.invoke([("user", "hi"), asked, read_file.invoke(asked.tool_calls[0])])
    assert answer.content == "Done."
    assert server.requests[1]["messages"][1]["tool_calls"][0]["id"] == "call_1"
    assert server.requests[1]["messages"][2] == {"role": "tool", "tool_call_id": "call_1", "content": "a.py"}


def test_an_answer_can_be_computed_from_the_messages_as_they_were_sent() -> None:
    with LoopbackServer(lambda messages: says(messages[-1]["content"].upper())) as server:
        assert server.chat_model().invoke("hi").content == "HI"


def test_an_error_in_a_computed_answer_is_told_to_the_client_and_at_the_end() -> None:
    with LoopbackServer(lambda messages: says(messages[7])) as server:
        with pytest.raises(InternalServerError, match=r"a computed answer raised IndexError"):
            server.chat_model().invoke("hi")
        with pytest.raises(ScriptError, match=r"a computed answer raised IndexError"):
            server.assert_finished()


def test_an_exhausted_script_is_told_to_the_client_and_at_the_end() -> None:
    with LoopbackServer(says("x")) as server:
        # Clients usually try again after a 500; this one would only ask the exhausted script once more.
        model = server.chat_model(max_retries=5)
        model.invoke("hi")
        expected = "the script has 1 reply, but the model was asked a second time; last message: user 'more'"
        with pytest.raises(InternalServerError) as error:
            model.invoke("more")
        with pytest.raises(ScriptError) as finished:
            server.assert_finished()
    assert expected in str(error.value)
    assert str(finished.value) == expected
    assert len(server.requests) == 2


def test_what_was_never_asked_for_is_told() -> None:
    with LoopbackServer(says("x")) as server, pytest.raises(ScriptError, match="asked never"):
        server.assert_finished()


def test_entries_that_a_server_cannot_give_are_refused() -> None:
    with pytest.raises(ScriptError, match=r"TimeoutError\(\).* says.*, fails\(...\), drops\(...\), stalls"):
        LoopbackServer(TimeoutError())


async def test_many_clients_at_once_get_every_reply_exactly_once() -> None:
    import asyncio

    async with LoopbackServer(*[says(str(number)) for number in range(40)]) as server:
        model = server.chat_model()
        answers = await asyncio.gather(*[model.ainvoke("hi") for _ in range(40)])
    assert sorted(int(str(answer.content)) for answer in answers) == list(range(40))
    server.assert_finished()


async def test_the_official_client_lists_the_models() -> None:
    async with LoopbackServer() as server, AsyncOpenAI(base_url=server.base_url, api_key="x") as client:
        assert [model.id async for model in client.models.list()] == ["loopback"]
        assert server.requests == []


def test_the_chat_model_is_a_chat_openai_that_does_not_try_again() -> None:
    with LoopbackServer() as server:
        model = server.chat_model(temperature=0.1)
    assert isinstance(model, ChatOpenAI)
    assert (model.max_retries, model.openai_api_base, model.temperature) == (0, server.base_url, 0.1)


def test_the_same_script_always_gives_the_same_bytes() -> None:
    import urllib.request

    def body() -> bytes:
        with LoopbackServer(calls(call("go", x=1))) as server:
            data = json.dumps({"messages": []}).encode()
            request = urllib.request.Request(f"{server.base_url}/chat/completions", data)
            with urllib.request.urlopen(request) as response:
                return bytes(response.read())

    assert body() == body()
