"""ScriptedModel through LangChain's own interface."""

import asyncio
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from aksara_agent.testing import ScriptedModel, ScriptError, call, calls, says

TALK = [
    says("It has five models."),
    calls(call("read_file", path="a.py"), call("list_models"), text="Looking."),
]


def loose(*script: Any, **options: Any) -> ScriptedModel:
    """A model whose calls are not checked against tools, which is tested elsewhere."""
    return ScriptedModel(*script, strict=False, **options)


def whole(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    message = chunks[0]
    for chunk in chunks[1:]:
        message += chunk
    return message


def essence(message: BaseMessage) -> tuple[Any, ...]:
    assert isinstance(message, AIMessage)
    calls_made = [(made["name"], made["args"], made["id"]) for made in message.tool_calls]
    return message.content, calls_made, message.usage_metadata, message.response_metadata


async def test_it_says_the_same_in_all_four_ways_of_asking() -> None:
    assert isinstance(loose(), BaseChatModel)
    invoke, ainvoke, stream, astream = (loose(*TALK) for _ in range(4))
    for number, _ in enumerate(TALK):
        answer = essence(invoke.invoke("hi"))
        assert answer == essence(await ainvoke.ainvoke("hi"))
        assert answer == essence(whole(list(stream.stream("hi")))), number
        assert answer == essence(whole([chunk async for chunk in astream.astream("hi")]))


def test_an_answer_has_text_calls_usage_and_finish_reason() -> None:
    message = loose(calls(call("read_file", path="a.py"), text="Looking.", input_tokens=700)).invoke("hi")
    assert message.content == "Looking."
    assert message.tool_calls == [{"name": "read_file", "args": {"path": "a.py"}, "id": "call_1", "type": "tool_call"}]
    assert message.usage_metadata == {"input_tokens": 700, "output_tokens": 5, "total_tokens": 705}
    assert message.response_metadata["finish_reason"] == "tool_calls"


def test_text_is_streamed_word_by_word_and_the_usage_comes_last() -> None:
    chunks = list(loose(says("It has five models.")).stream("hi"))
    assert [chunk.content for chunk in chunks] == ["It", " has", " five", " models.", ""]
    assert [bool(chunk.usage_metadata) for chunk in chunks] == [False, False, False, False, True]
    assert chunks[-1].response_metadata["finish_reason"] == "stop"
    assert chunks[-1].chunk_position == "last"


def test_a_call_is_streamed_in_pieces() -> None:
    chunks = list(loose(calls(call("patch_file", path="a.py", text="one two three"))).stream("hi"))
    parts = [part for chunk in chunks for part in chunk.tool_call_chunks]
    assert len(parts) > 3
    assert [part["name"] for part in parts] == ["patch_file"] + [None] * (len(parts) - 1)
    assert whole(chunks).tool_calls[0]["args"] == {"path": "a.py", "text": "one two three"}


def test_an_empty_answer_streams_as_one_empty_chunk() -> None:
    chunks = list(loose(says("", finish_reason="length")).stream("hi"))
    assert [chunk.content for chunk in chunks] == [""]
    assert chunks[0].response_metadata["finish_reason"] == "length"


def test_a_provider_that_sends_no_usage() -> None:
    model = loose(says("x", usage=None), repeat_last=True)
    assert model.invoke("hi").usage_metadata is None
    assert whole(list(model.stream("hi"))).usage_metadata is None


@pytest.mark.parametrize("raw_arguments", ['{"broken', "[1]", "null", "no JSON"])
def test_malformed_arguments_become_invalid_tool_calls(raw_arguments: str) -> None:
    message = loose(calls(call("a", x=1), call("b", raw_arguments=raw_arguments))).invoke("hi")
    assert [made["name"] for made in message.tool_calls] == ["a"]
    (invalid,) = message.invalid_tool_calls
    assert (invalid["name"], invalid["args"], invalid["id"]) == ("b", raw_arguments, "call_2")
    assert "not a JSON object" in (invalid["error"] or "")


def test_a_scripted_exception_is_raised_in_its_place() -> None:
    model = loose(TimeoutError("too slow"), says("Now."), repeat_last=True)
    with pytest.raises(TimeoutError, match="too slow"):
        model.invoke("hi")
    assert model.invoke("hi").content == "Now."


async def test_a_scripted_exception_is_raised_when_streaming_too() -> None:
    model = loose(ConnectionError("gone"), ConnectionError("gone again"))
    with pytest.raises(ConnectionError, match="gone"):
        list(model.stream("hi"))
    with pytest.raises(ConnectionError, match="gone again"):
        [chunk async for chunk in model.astream("hi")]


def test_a_computed_answer_gets_langchain_messages() -> None:
    model = loose(lambda messages: says(f"{type(messages[-1]).__name__}: {messages[-1].content}"))
    assert model.invoke("hi").content == "HumanMessage: hi"


def test_requests_show_what_was_asked_even_if_the_messages_change_later() -> None:
    model = loose(says("x"), repeat_last=True)
    question = HumanMessage("first")
    model.invoke([SystemMessage("Be brief."), question])
    question.content = "changed"
    model.invoke("second")
    assert [[message.content for message in request] for request in model.requests] == [
        ["Be brief.", "first"],
        ["second"],
    ]


def test_an_exhausted_script_names_the_last_message() -> None:
    model = loose(says("x"))
    model.invoke("hi")
    expected = "the script has 1 reply, but the model was asked a second time; last message: human 'more'"
    with pytest.raises(ScriptError) as error:
        model.invoke("more")
    assert str(error.value) == expected
    with pytest.raises(ScriptError, match="asked a second time"):
        model.assert_finished()


def test_faults_of_a_connection_are_refused_with_the_way_out() -> None:
    from aksara_agent.testing import fails

    with pytest.raises(ScriptError, match=r"Failure\(status=429.* says\(...\), calls\(...\), an exception"):
        ScriptedModel(fails(429))


async def test_a_stream_can_be_cancelled_between_two_chunks() -> None:
    seen: list[str] = []

    async def listen() -> None:
        async for chunk in loose(says("one two three four five")).astream("hi"):
            seen.append(str(chunk.content))
            if len(seen) == 2:
                task.cancel()

    task = asyncio.create_task(listen())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["one", " two"]


def test_batches_share_the_script() -> None:
    model = loose(*[says(str(number)) for number in range(20)])
    answers = model.batch(["hi"] * 20)
    assert sorted(int(str(answer.content)) for answer in answers) == list(range(20))
    model.assert_finished()


def test_callbacks_hear_every_token_and_the_end() -> None:
    class Listener(BaseCallbackHandler):
        tokens: list[str] = []  # noqa: RUF012
        ended = 0

        def on_llm_new_token(self, token: Any, **_: Any) -> None:
            self.tokens.append(token)

        def on_llm_end(self, *_: Any, **__: Any) -> None:
            self.ended += 1

    listener = Listener()
    list(loose(says("one two")).stream("hi", {"callbacks": [listener]}))
    assert (listener.tokens, listener.ended) == (["one", " two", ""], 1)


async def test_events_can_be_streamed() -> None:
    events = [event async for event in loose(says("one two")).astream_events("hi", version="v2")]
    assert events[0]["event"] == "on_chat_model_start"
    tokens = [event["data"]["chunk"].content for event in events if event["event"] == "on_chat_model_stream"]
    assert tokens == ["one", " two", ""]
    assert events[-1]["data"]["output"].content == "one two"


def test_its_name_is_told_to_tracers_and_in_its_answers() -> None:
    model = loose(says("x"), model_name="gpt-x")
    assert model.invoke("hi").response_metadata["model_name"] == "gpt-x"
    assert model._get_ls_params()["ls_model_name"] == "gpt-x"


def test_streaming_can_be_switched_off_as_in_any_chat_model() -> None:
    chunks = list(loose(says("one two"), disable_streaming=True).stream("hi"))
    assert [chunk.content for chunk in chunks] == ["one two"]


def test_a_global_cache_never_answers_in_its_place() -> None:
    from langchain_core.caches import InMemoryCache
    from langchain_core.globals import set_llm_cache

    set_llm_cache(InMemoryCache())
    try:
        model = loose(says("one"), says("two"))
        assert [model.invoke("hi").content, model.invoke("hi").content] == ["one", "two"]
    finally:
        set_llm_cache(None)


async def test_it_drives_a_langgraph_graph() -> None:
    from langgraph.graph import END, START, MessagesState, StateGraph

    model = loose(says("Hello there"))

    async def reason(state: MessagesState) -> dict[str, Any]:
        return {"messages": [await model.ainvoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    graph.add_node("reason", reason)
    graph.add_edge(START, "reason")
    graph.add_edge("reason", END)
    question: Any = {"messages": [HumanMessage("hi")]}
    events: Any = graph.compile().astream(question, stream_mode="messages")
    tokens = [chunk.content async for chunk, _ in events]
    assert "".join(tokens) == "Hello there"
    model.assert_finished()
