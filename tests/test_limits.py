"""When a run ends by itself: its limits, and a model that goes in circles."""

import time
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from aksara_agent import limits
from aksara_agent.context import Context, Price
from aksara_agent.state import State

PRICES = {"m": Price(input=1, output=2)}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def state(*messages: BaseMessage, **values: Any) -> State:
    usage = {"input_tokens": 0, "output_tokens": 0, "total_tokens": values.pop("total_tokens", 0), "estimated": False}
    usage["cost"] = values.pop("cost", None)
    start = {"started_at": time.time(), "iterations": 0, "tool_calls": 0, "usage": usage, "messages": list(messages)}
    start["told"] = []
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
        ({"cost": 0.5}, Context(max_cost=0.25, prices=PRICES), "max_cost", "0.25 units of cost in this session"),
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


def test_who_has_made_all_tool_calls_may_still_answer() -> None:
    assert limits.reached(state(tool_calls=50), Context()) is None
    assert "no tool calls left" in str(limits.warnings(state(tool_calls=50), Context()))


@pytest.mark.parametrize("letters", ["AAA", "BAAA", "ABAB", "CABAB", "ABABA", "AAAAAAAAAA", "ABABABABAB"])
def test_three_equal_steps_and_two_equal_pairs_are_a_circle(letters: str) -> None:
    assert limits.in_circle(conversation(letters))


@pytest.mark.parametrize("letters", ["", "A", "AA", "AB", "AAB", "AAAB", "ABA", "ABABC", "ABCABC", "AABAAB"])
def test_anything_less_is_no_circle(letters: str) -> None:
    assert not limits.in_circle(conversation(letters))


def test_the_same_call_with_another_result_is_no_repeat() -> None:
    assert not limits.in_circle([*step("query", "1 row"), *step("query", "2 rows"), *step("query", "3 rows")])


def test_the_same_tool_with_other_arguments_is_no_repeat() -> None:
    assert not limits.in_circle([message for path in "abc" for message in step("read_file", path=path)])


def test_a_message_of_the_user_begins_the_count_anew() -> None:
    assert not limits.in_circle([*conversation("AAAA"), HumanMessage("again, please"), *conversation("A")])


def test_a_model_in_a_circle_is_stopped_only_after_it_was_warned() -> None:
    circle = conversation("AAA")
    assert limits.LOOP in limits.warnings(state(*circle), Context())
    assert limits.reached(state(*circle), Context()) is None
    stop = limits.reached(state(*circle, told=[limits.LOOP]), Context())
    assert stop is not None and stop[0] == "loop_detected"


def test_the_model_is_told_when_only_one_step_is_left() -> None:
    assert "last step" in str(limits.warnings(state(iterations=19), Context()))
    assert limits.warnings(state(iterations=18), Context()) == {}
    assert limits.warnings(state(iterations=19), Context(max_iterations=None)) == {}


@pytest.mark.parametrize(
    ("values", "context", "sentence"),
    [
        ({"tool_calls": 40}, Context(), "About 10 tool calls are left"),
        ({"total_tokens": 900}, Context(max_total_tokens=1000), "About 100 tokens in this session are left"),
        ({"cost": 0.9}, Context(max_cost=1.0, prices=PRICES), "About 0.1 units of cost in this session are left"),
        ({"started_at": time.time() - 5_000}, Context(timeout_seconds=6_000), "seconds are left"),
    ],
)
def test_the_model_is_told_when_a_fifth_of_a_limit_is_left(
    values: dict[str, Any], context: Context, sentence: str
) -> None:
    assert sentence in str(limits.warnings(state(**values), context))


def test_a_request_may_have_the_lesser_of_the_setting_and_what_the_model_took() -> None:
    assert limits.input_budget(state(), Context()) is None
    assert limits.input_budget(state(input_budget=500), Context()) == 500
    assert limits.input_budget(state(input_budget=500), Context(max_input_tokens=400)) == 400


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
def test_looking_for_a_circle_never_fails_whatever_the_conversation_holds(conversation: list[BaseMessage]) -> None:
    assert limits.in_circle(conversation) in (True, False)


@given(st.text("AB", max_size=4), st.integers(3, 8))
def test_a_longer_history_before_a_circle_does_not_hide_it(history: str, rounds: int) -> None:
    assert limits.in_circle(conversation(history + "C" * rounds))
