"""What a script may say, and how it answers a slip in its writing."""

import pytest

from aksara_agent.testing import Call, ScriptError, Usage, call, calls, drops, fails, says, stalls


def test_an_answer_in_words_stops_normally_and_costs_ten_and_five_tokens() -> None:
    reply = says("Hello")
    assert (reply.text, reply.tool_calls, reply.finish_reason) == ("Hello", (), "stop")
    assert reply.usage == Usage(input_tokens=10, output_tokens=5)


def test_one_of_the_two_token_counts_can_be_set_alone() -> None:
    assert says("x", input_tokens=7000).usage == Usage(7000, 5)
    assert calls(call("list_models"), output_tokens=0).usage == Usage(10, 0)


def test_a_reply_can_come_without_usage_and_with_any_finish_reason() -> None:
    reply = says("", usage=None, finish_reason="content_filter")
    assert (reply.usage, reply.finish_reason) == (None, "content_filter")


def test_token_counts_of_a_usage_that_is_not_sent_are_refused() -> None:
    with pytest.raises(ScriptError, match="usage=None sends no usage"):
        says("x", usage=None, input_tokens=3)


def test_arguments_are_written_as_the_json_that_a_model_would_write() -> None:
    written = call("find", where={"title": "Über"}, limit=3)
    assert written.raw_arguments == '{"where": {"title": "Über"}, "limit": 3}'


def test_a_mapping_carries_arguments_that_are_no_free_python_names() -> None:
    written = call("find", {"from": "posts", "call_id": 7}, id=3, name="x")
    assert written == Call("find", '{"from": "posts", "call_id": 7, "id": 3, "name": "x"}')


def test_raw_arguments_are_kept_to_the_letter() -> None:
    assert call("find", raw_arguments='{"broken', call_id="abc") == Call("find", '{"broken', "abc")


def test_calls_keep_their_order_and_may_come_with_words() -> None:
    reply = calls(call("b"), call("a"), text="Let me look.")
    assert [tool_call.name for tool_call in reply.tool_calls] == ["b", "a"]
    assert (reply.text, reply.finish_reason) == ("Let me look.", "tool_calls")


def test_a_slip_in_the_script_is_told_where_it_is_written() -> None:
    with pytest.raises(ScriptError, match=r"says\(\) takes a text, got 42 \(int\)"):
        says(42)  # type: ignore[arg-type]
    with pytest.raises(ScriptError, match=r"calls\(\) takes one or more call\(.*got 'read_file'"):
        calls("read_file")  # type: ignore[arg-type]
    with pytest.raises(ScriptError, match="got nothing"):
        calls()
    with pytest.raises(ScriptError, match=r"arguments of call\('find'\) must be JSON: Object of type set"):
        call("find", ids={1})
    with pytest.raises(ScriptError, match="either arguments or raw_arguments, got both"):
        call("find", limit=3, raw_arguments="{}")


def test_a_fault_that_cannot_happen_is_refused() -> None:
    with pytest.raises(ScriptError, match="from 400 to 599, got 200"):
        fails(200)
    with pytest.raises(ScriptError, match="seconds from 0 up, got -1"):
        stalls(-1)
    with pytest.raises(ScriptError, match="chunks from 0 up, got -2"):
        drops(after_chunks=-2)
    with pytest.raises(ScriptError, match="after_chunks is 3, but the reply is streamed in 2 chunks"):
        stalls(1, after_chunks=3, reply=says("two words"))


def test_replies_cannot_be_changed_once_written() -> None:
    with pytest.raises(AttributeError):
        says("Hello").text = "Bye"  # type: ignore[misc]
