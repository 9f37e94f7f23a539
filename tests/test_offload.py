"""Keeping large results out of a request."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from aksara_agent import offload


def step(number: int, size: int) -> list[BaseMessage]:
    """One cycle with a result of so many characters."""
    call = {"name": "read_file", "args": {}, "id": f"c{number}", "type": "tool_call"}
    return [
        AIMessage("", tool_calls=[call], id=f"a{number}"),
        ToolMessage("x" * size, tool_call_id=f"c{number}", id=f"t{number}"),
    ]


def conversation(*sizes: int) -> list[BaseMessage]:
    return [HumanMessage("Read", id="h"), *(m for number, size in enumerate(sizes) for m in step(number, size))]


def test_the_oldest_large_results_go_first_until_enough_is_saved() -> None:
    kept_out = offload.keep_out(conversation(8_000, 8_000, 8_000, 8_000), 2_500)
    assert [message.id for message in kept_out] == ["t0", "t1"]
    assert "recall_result(call_id='c0') shows all 8,000 characters" in str(kept_out[0].content)


def test_small_results_and_those_of_the_last_step_stay() -> None:
    assert offload.keep_out(conversation(offload.SMALL, 20_000), 9_999) == []


def test_a_result_is_kept_out_once() -> None:
    messages = conversation(8_000, 10)
    messages = offload.put(messages, offload.keep_out(messages, 9_999))
    assert offload.keep_out(messages, 9_999) == []


def test_the_last_step_s_results_share_what_there_is() -> None:
    (short,) = offload.keep_out_new(conversation(10, 20_000), 1_000)
    assert len(str(short.content)) < 4_200


@given(st.lists(st.integers(0, 5_000), max_size=8), st.integers(0, 10_000))
def test_whatever_is_kept_out_messages_and_their_order_stay(sizes: list[int], tokens: int) -> None:
    messages = conversation(*sizes)
    after = offload.put(messages, offload.keep_out(messages, tokens))
    assert [message.id for message in after] == [message.id for message in messages]
    assert sum(len(str(m.content)) for m in after) <= sum(len(str(m.content)) for m in messages)
