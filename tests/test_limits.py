"""When a run ends by itself: its limits, and a model that goes in circles."""

import time
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.state import State

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def state(*messages: BaseMessage, **values: Any) -> State:
    usage = {"input_tokens": 0, "output_tokens": 0, "total_tokens": values.pop("total_tokens", 0), "estimated": False}
    start = {"started_at": time.time(), "iterations": 0, "tool_calls": 0, "usage": usage, "messages": list(messages)}
    return cast(State, start | values)


def step(name: str, result: str = "same", **arguments: Any) -> list[BaseMessage]:
    """One cycle: a call and what came back."""
    call = {"name": name, "args": arguments, "id": "1", "type": "tool_call"}
    return [AIMessage("", tool_calls=[call]), ToolMessage(result, tool_call_id="1")]


def conversation(letters: str) -> list[BaseMessage]:
    """Steps by letter, each with a call and a result of its own."""
    return [message for letter in letters for message in step(letter, f"result of {letter}")]


def test_a_run_below_its_limits_goes_on() -> None:
    assert limits.reached(state(iterations=19, tool_calls=49), Context()) is None


@pytest.mark.parametrize(
    ("values", "context", "reason", "sentence"),
    [
        ({"iterations": 20}, Context(), "max_iterations", "20 think-act cycles (max_iterations=20)"),
        ({"tool_calls": 51}, Context(), "max_tool_calls", "50 tool calls (max_tool_calls=50)"),
        ({"total_tokens": 2_000_000}, Context(max_total_tokens=1_234_567), "max_total_tokens", "1,234,567 tokens"),
        ({"started_at": time.time() - 9}, Context(timeout_seconds=2.5), "timeout", "2.5 seconds (timeout_seconds=2.5)"),
    ],
)
def test_each_limit_ends_the_run_and_says_which_setting_it_was(
    values: dict[str, Any], context: Context, reason: str, sentence: str
) -> None:
    stop = limits.reached(state(**values), context)
    assert stop is not None
    assert stop[0] == reason
    assert sentence in stop[1]


def test_a_limit_of_none_is_no_limit() -> None:
    unlimited = Context(max_iterations=None, max_tool_calls=None, max_total_tokens=None, timeout_seconds=None)
    assert limits.reached(state(iterations=10**6, tool_calls=10**6, started_at=0.0), unlimited) is None
    assert limits.deadline(100.0, unlimited.timeout_seconds) is None


@pytest.mark.parametrize(
    ("letters", "count"),
    [
        ("", 0), ("A", 1), ("AB", 1), ("AA", 2), ("AAA", 3), ("BAAA", 3), ("AAAB", 1), ("AAAAAAAAAAAA", 10),
        ("ABAB", 2), ("ABABAB", 3), ("CABAB", 2), ("ABABABABAB", 5), ("ABABC", 1), ("ABCABC", 1), ("AABAAB", 1),
    ],
)  # fmt: skip
def test_repeats_are_counted_for_one_step_and_for_two_in_turn(letters: str, count: int) -> None:
    assert limits.repeats(conversation(letters)) == count


def test_the_same_call_with_another_result_is_no_repeat() -> None:
    assert limits.repeats([*step("query", "1 row"), *step("query", "2 rows")]) == 1


def test_the_same_tool_with_other_arguments_is_no_repeat() -> None:
    assert limits.repeats([*step("read_file", path="a"), *step("read_file", path="b")]) == 1


def test_a_message_of_the_user_begins_the_count_anew() -> None:
    assert limits.repeats([*conversation("AAAA"), HumanMessage("again, please"), *conversation("A")]) == 1


@pytest.mark.parametrize(("warned", "stopped"), [("AAA", "AAAAA"), ("ABABAB", "ABABABABAB")])
def test_a_model_in_a_circle_is_warned_and_then_stopped(warned: str, stopped: str) -> None:
    assert limits.notice(state(*conversation(warned[:-1])), Context()) is None
    assert "same result" in str(limits.notice(state(*conversation(warned)), Context()))
    assert limits.reached(state(*conversation(warned)), Context()) is None
    stop = limits.reached(state(*conversation(stopped)), Context())
    assert stop is not None and stop[0] == "loop_detected"


def test_the_model_is_told_when_only_one_step_is_left() -> None:
    assert "last step" in str(limits.notice(state(iterations=19), Context()))
    assert limits.notice(state(iterations=18), Context()) is None
    assert limits.notice(state(iterations=19), Context(max_iterations=None)) is None


def test_an_operation_gets_the_lesser_of_its_own_time_and_what_is_left_of_the_run() -> None:
    now = time.time()
    assert limits.remaining(None) is None
    assert limits.remaining(None, 30) == 30
    assert limits.remaining(now + 1000, 30) == 30
    assert 0 < cast(float, limits.remaining(now + 10, 30)) <= 10
    assert limits.remaining(now - 5) == 0


def test_the_deadline_is_the_start_of_the_run_plus_its_timeout() -> None:
    assert limits.deadline(100.0, 5) == 105.0


@st.composite
def messages(draw: st.DrawFn) -> BaseMessage:
    content = draw(st.text() | st.lists(st.text() | st.dictionaries(st.text(), JSON, max_size=2), max_size=2))
    kind = draw(st.sampled_from((AIMessage, ToolMessage, HumanMessage, SystemMessage)))
    if kind is ToolMessage:
        return ToolMessage(content, tool_call_id=draw(st.text()))
    if kind is not AIMessage:
        return HumanMessage(content) if kind is HumanMessage else SystemMessage(content)
    call = st.fixed_dictionaries({"name": st.text(), "args": st.dictionaries(st.text(), JSON), "id": st.text()})
    invalid = st.fixed_dictionaries(
        {"name": st.none() | st.text(), "args": st.none() | st.text(), "id": st.none() | st.text(), "error": st.none()}
    )
    return AIMessage(
        content,
        tool_calls=draw(st.lists(call, max_size=2)),
        invalid_tool_calls=draw(st.lists(invalid, max_size=2)),
    )


@given(st.lists(messages(), max_size=12))
def test_counting_repeats_never_fails_whatever_the_conversation_holds(conversation: list[BaseMessage]) -> None:
    assert 0 <= limits.repeats(conversation) <= len(conversation)


@given(st.text("AB", min_size=1, max_size=4), st.integers(1, 8))
def test_a_longer_history_before_a_circle_does_not_hide_it(history: str, rounds: int) -> None:
    assert limits.repeats(conversation(history + "C" * rounds)) == rounds
