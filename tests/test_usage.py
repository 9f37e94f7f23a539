"""Tokens are counted as the provider says, and estimated only when it says nothing."""

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from aksara_agent.results import no_usage
from aksara_agent.usage import add_usage

COUNTED = AIMessage("hi", usage_metadata={"input_tokens": 10, "output_tokens": 3, "total_tokens": 13})


def test_the_counts_of_the_provider_are_added_up() -> None:
    twice = add_usage(add_usage(no_usage(), [], COUNTED), [], COUNTED)
    assert twice == {"input_tokens": 20, "output_tokens": 6, "total_tokens": 26, "estimated": False, "cost": None}


def test_without_counts_four_characters_are_about_a_token_and_the_usage_says_estimated() -> None:
    usage = add_usage(no_usage(), [SystemMessage("x" * 400), HumanMessage("y" * 40)], AIMessage("z" * 80))
    assert usage == {"input_tokens": 112, "output_tokens": 21, "total_tokens": 133, "estimated": True, "cost": None}


def test_the_arguments_of_calls_count_as_well() -> None:
    call = {"name": "write_file", "args": {"content": "x" * 4000}, "id": "1", "type": "tool_call"}
    assert add_usage(no_usage(), [], AIMessage("", tool_calls=[call]))["output_tokens"] > 1000


def test_one_estimate_marks_the_whole_session() -> None:
    usage = add_usage(add_usage(no_usage(), [], AIMessage("no counts")), [], COUNTED)
    assert usage["estimated"]


def test_counting_leaves_the_earlier_usage_as_it_was() -> None:
    before = no_usage()
    add_usage(before, [], COUNTED)
    assert before == no_usage()
