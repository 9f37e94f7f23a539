"""What a model is shown: a conversation that every provider accepts, whatever happened in it."""

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from aksara_agent.transcript import RUNTIME, calls_of, is_task, last_text, prompt, text_of

READ = {"name": "read_file", "args": {"path": "a.py"}, "id": "1", "type": "tool_call"}
LIST = {"name": "list_models", "args": {}, "id": "2", "type": "tool_call"}
BROKEN = {"name": "read_file", "args": '{"path": ', "id": "3", "error": "no JSON", "type": "invalid_tool_call"}


def unanswered(messages: list[BaseMessage]) -> set[str]:
    asked = {call["id"] for message in messages for call in calls_of(message)}
    return asked - {message.tool_call_id for message in messages if isinstance(message, ToolMessage)}


def test_the_words_of_a_person_are_a_task_and_those_of_the_runtime_are_not() -> None:
    assert is_task(HumanMessage("Review the Post model"))
    assert not is_task(HumanMessage("Go on.", name=RUNTIME))
    assert not is_task(AIMessage("I will."))


def test_the_calls_of_a_message_are_listed_with_unreadable_ones_marked() -> None:
    calls = calls_of(AIMessage("", tool_calls=[READ], invalid_tool_calls=[BROKEN]))
    assert calls[0] == {"id": "1", "name": "read_file", "args": {"path": "a.py"}}
    assert calls[1]["args"] == {}
    assert "not valid JSON" in calls[1]["problem"]
    assert '{"path": ' in calls[1]["problem"]


def test_only_a_model_makes_calls() -> None:
    assert calls_of(HumanMessage("call me")) == []


def test_a_very_long_unreadable_call_is_quoted_in_part() -> None:
    call = calls_of(AIMessage("", invalid_tool_calls=[{**BROKEN, "args": "x" * 100_000}]))[0]
    assert len(call["problem"]) < 1000


def test_a_call_that_was_cut_off_by_the_token_limit_is_not_taken_as_it_is() -> None:
    cut = AIMessage("", tool_calls=[READ], response_metadata={"finish_reason": "length"})
    assert "cut off" in calls_of(cut)[0]["problem"]


def test_the_last_text_is_that_of_this_run_and_not_of_an_earlier_one() -> None:
    earlier = [HumanMessage("one"), AIMessage("first answer"), HumanMessage("two")]
    assert last_text(earlier) == ""
    silent = AIMessage("", tool_calls=[READ])
    assert last_text([*earlier, AIMessage("second answer"), silent]) == "second answer"
    assert last_text([*earlier, AIMessage("so far"), HumanMessage("Go on.", name=RUNTIME)]) == "so far"


def test_the_text_of_a_message_in_blocks_is_joined() -> None:
    assert text_of(AIMessage([{"type": "text", "text": "one "}, {"type": "text", "text": "two"}])) == "one two"


def test_the_instructions_come_first_and_the_notice_last() -> None:
    shown = prompt("You are an agent.", [HumanMessage("hello")], "This is your last step.")
    assert shown[0] == SystemMessage("You are an agent.")
    assert str(shown[-1].content) == "This is your last step."
    assert not is_task(shown[-1])
    assert prompt("You are an agent.", [HumanMessage("hello")], None) == shown[:-1]


def test_a_call_without_a_result_is_answered_for_the_provider() -> None:
    messages = [HumanMessage("go"), AIMessage("", tool_calls=[READ, LIST]), ToolMessage("text", tool_call_id="1")]
    shown = prompt("", [*messages, HumanMessage("and now?")], None)
    assert unanswered(shown) == set()
    answers = [m for m in shown if isinstance(m, ToolMessage)]
    assert {a.tool_call_id for a in answers} == {"1", "2"}
    assert next(a for a in answers if a.tool_call_id == "2").status == "error"
    assert [m.type for m in shown] == ["system", "human", "ai", "tool", "tool", "human"]


def test_an_unreadable_call_is_sent_back_as_a_readable_one_with_its_answer() -> None:
    spoken = AIMessage("", tool_calls=[READ], invalid_tool_calls=[BROKEN])
    told = [ToolMessage("text", tool_call_id="1"), ToolMessage("not valid JSON", tool_call_id="3", status="error")]
    shown = prompt("", [HumanMessage("go"), spoken, *told], None)
    repaired = shown[2]
    assert isinstance(repaired, AIMessage)
    assert repaired.invalid_tool_calls == []
    assert [(call["id"], call["args"]) for call in repaired.tool_calls] == [("1", {"path": "a.py"}), ("3", {})]
    assert unanswered(shown) == set()


def test_repairing_changes_what_is_sent_and_never_what_is_stored() -> None:
    spoken = AIMessage("", invalid_tool_calls=[BROKEN])
    stored: list[BaseMessage] = [HumanMessage("go"), spoken]
    prompt("", stored, "notice")
    assert len(stored) == 2
    assert spoken.invalid_tool_calls == [BROKEN]
    assert spoken.tool_calls == []
