"""How a script is played: in order, once, loudly, and from any number of threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from aksara_agent.testing import Reply, ScriptError, call, calls, says
from aksara_agent.testing.replies import Entry
from aksara_agent.testing.script import Script


def script_of(*entries: Entry, repeat_last: bool = False) -> Script:
    return Script(entries, repeat_last=repeat_last, answers={Reply: "says(...), calls(...)"})


def ask(script: Script, text: str = "hi") -> Any:
    return script.take(text, [{"role": "user", "content": text}])


def ids(reply: Reply) -> list[str]:
    return [tool_call.id for tool_call in reply.tool_calls]


def test_replies_come_in_order_and_requests_are_kept() -> None:
    script = script_of(says("one"), says("two"))
    assert [ask(script, "a").text, ask(script, "b").text] == ["one", "two"]
    assert script.requests == ["a", "b"]
    script.assert_finished()


def test_an_exhausted_script_says_so_now_and_at_the_end() -> None:
    script = script_of(says("one"), says("two"))
    ask(script)
    ask(script)
    message = "the script has 2 replies, but the model was asked a third time; last message: user 'And the tests?'"
    with pytest.raises(ScriptError) as asked:
        ask(script, "And the tests?")
    with pytest.raises(ScriptError) as finished:
        script.assert_finished()
    assert str(asked.value) == str(finished.value) == message


def test_an_empty_script_is_for_a_model_that_must_not_be_asked() -> None:
    script = script_of()
    script.assert_finished()
    with pytest.raises(ScriptError, match="has no replies, but the model was asked a first time"):
        ask(script)


def test_what_was_never_asked_for_is_told() -> None:
    script = script_of(says("one"), says("two"))
    with pytest.raises(ScriptError, match="2 replies, but the model was asked never"):
        script.assert_finished()
    ask(script)
    with pytest.raises(ScriptError, match=r"asked once; next reply: Reply.*'two'"):
        script.assert_finished()


def test_the_last_reply_can_be_repeated_for_ever_with_new_call_ids() -> None:
    script = script_of(says("one"), calls(call("go")), repeat_last=True)
    ask(script)
    assert [ids(ask(script)) for _ in range(3)] == [["call_1"], ["call_2"], ["call_3"]]
    script.assert_finished()


def test_repeating_the_last_reply_still_asks_for_the_whole_script() -> None:
    script = script_of(says("one"), says("two"), repeat_last=True)
    ask(script)
    with pytest.raises(ScriptError, match="asked once"):
        script.assert_finished()
    with pytest.raises(ScriptError, match="at least one entry"):
        script_of(repeat_last=True)


def test_call_ids_count_through_the_script_and_given_ids_stay() -> None:
    script = script_of(calls(call("a"), call("b", call_id="mine")), says("x"), calls(call("c")))
    assert ids(ask(script)) == ["call_1", "mine"]
    ask(script)
    assert ids(ask(script)) == ["call_3"]


def test_an_answer_can_be_computed_from_the_messages() -> None:
    script = script_of(lambda messages: says(messages[-1]["content"].upper()), lambda _: calls(call("go")))
    assert ask(script, "hi").text == "HI"
    assert ids(ask(script)) == ["call_1"]


def test_a_wrong_entry_is_refused_when_the_script_is_written() -> None:
    with pytest.raises(ScriptError) as error:
        script_of(says("one"), "two")  # type: ignore[arg-type]
    assert str(error.value) == (
        "entry 2 of the script is 'two', but must be one of says(...), calls(...); write says('two')"
    )
    with pytest.raises(ScriptError, match="entry 1 of the script is <class 'ValueError'>"):
        script_of(ValueError)


def test_a_failed_check_in_a_computed_answer_is_told_even_if_it_was_swallowed() -> None:
    def expect_bye(messages: list[Any]) -> Reply:
        assert messages[-1]["content"] == "bye", "the agent did not say goodbye"
        return says("bye")

    script = script_of(expect_bye)
    with pytest.raises(AssertionError):
        ask(script, "hi")
    with pytest.raises(ScriptError, match="in a computed answer: the agent did not say goodbye"):
        script.assert_finished()


def test_a_computed_answer_of_a_wrong_type_is_told() -> None:
    what_it_was_asked: Any = list
    script = script_of(lambda messages: what_it_was_asked(messages))
    with pytest.raises(ScriptError, match=r"a computed answer is \[\{'role'.* must be one of says"):
        ask(script)


def test_two_requests_can_be_in_the_air_at_once() -> None:
    both_in = threading.Barrier(2, timeout=10)

    def when_both_are_in(messages: list[Any]) -> Reply:
        both_in.wait()
        return says(messages[-1]["content"])

    script = script_of(when_both_are_in, repeat_last=True)
    with ThreadPoolExecutor(2) as pool:
        assert [reply.text for reply in pool.map(lambda text: ask(script, text), "ab")] == ["a", "b"]


def test_many_threads_get_every_reply_exactly_once() -> None:
    script = script_of(*[calls(call("go", number=number)) for number in range(200)])
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda number: ask(script, str(number)), range(200)))
    taken = {(reply.tool_calls[0].raw_arguments, reply.tool_calls[0].id) for reply in replies}
    assert taken == {(f'{{"number": {number}}}', f"call_{number + 1}") for number in range(200)}
    script.assert_finished()
