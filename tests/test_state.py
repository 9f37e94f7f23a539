"""The memory of a session: messages keep their order and identity however often they are replayed."""

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from aksara_agent.state import Failure, append_messages, collect

WRITES = st.lists(
    st.builds(
        lambda kind, text, id: kind(text, id=id),
        st.sampled_from((AIMessage, HumanMessage)),
        st.text(max_size=3),
        st.none() | st.sampled_from(("x", "y", "z")),
    ),
    max_size=6,
)


def texts(messages: list[BaseMessage]) -> list[str]:
    return [str(message.content) for message in messages]


def test_messages_are_added_at_the_end_and_each_gets_an_id() -> None:
    messages = append_messages(
        [HumanMessage("hello", id="task")], [[AIMessage("hi")], ToolMessage("x", tool_call_id="1")]
    )
    assert texts(messages) == ["hello", "hi", "x"]
    assert len({message.id for message in messages}) == 3


def test_a_message_with_a_known_id_replaces_its_elder_in_place() -> None:
    before = [HumanMessage("old", id="a"), AIMessage("answer", id="b")]
    assert texts(append_messages(before, [HumanMessage("new", id="a")])) == ["new", "answer"]
    assert texts(before) == ["old", "answer"]


def test_messages_may_come_as_dictionaries_and_pairs_as_studio_sends_them() -> None:
    messages = append_messages(None, [[{"role": "user", "content": "hello"}], ("assistant", "hi")])
    assert [message.type for message in messages] == ["human", "ai"]


@given(WRITES, WRITES, WRITES)
def test_replaying_writes_in_other_portions_gives_the_same_messages_and_ids(
    first: list[BaseMessage], second: list[BaseMessage], third: list[BaseMessage]
) -> None:
    one_by_one = append_messages(append_messages(append_messages(None, first), second), third)
    at_once = append_messages(None, [*first, *second, *third])
    in_lists = append_messages(append_messages(None, [first, second]), [third])
    assert one_by_one == at_once == in_lists


@given(WRITES)
def test_the_messages_given_are_not_changed(writes: list[BaseMessage]) -> None:
    ids = [message.id for message in writes]
    append_messages(None, writes)
    assert [message.id for message in writes] == ids


def test_failures_of_parallel_calls_gather_until_they_are_cleared() -> None:
    one, two = Failure(kind="tool", message="a"), Failure(kind="tool", message="b")
    assert collect(collect(None, [one]), [two]) == [one, two]
    assert collect([one, two], None) == []
