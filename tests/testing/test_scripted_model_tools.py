"""ScriptedModel and the tools that are bound to it."""

from typing import Any

import pytest
from langchain_core.tools import tool
from pydantic import BaseModel

from aksara_agent.testing import ScriptedModel, ScriptError, call, calls, says


@tool
def read_file(path: str, limit: int = 100) -> str:
    """Reads a file."""
    return f"{limit} lines of {path}"


def list_models() -> list[str]:
    """Lists the models."""
    return []


class Verdict(BaseModel):
    """The verdict on a model."""

    good: bool
    reason: str


OPEN_ENDED = {
    "type": "function",
    "function": {
        "name": "create_record",
        "description": "Creates a record.",
        "parameters": {
            "type": "object",
            "properties": {"model": {"type": "string"}},
            "required": ["model"],
            "additionalProperties": True,
        },
    },
}


def refusal(model: ScriptedModel, tools: list[Any]) -> str:
    """What the model says when it is asked with these tools."""
    with pytest.raises(ScriptError) as error:
        model.bind_tools(tools).invoke("hi")
    with pytest.raises(ScriptError) as finished:
        model.assert_finished()
    assert str(finished.value) == str(error.value)
    return str(error.value)


def test_tools_functions_classes_and_schemas_can_be_bound() -> None:
    model = ScriptedModel(
        calls(
            call("read_file", path="a.py"),
            call("list_models"),
            call("Verdict", good=True, reason="short"),
            call("create_record", model="Post", title="Hello"),
        )
    )
    answer = model.bind_tools([read_file, list_models, Verdict, OPEN_ENDED]).invoke("hi")
    assert len(answer.tool_calls) == 4
    assert model.bound_tools == ["read_file", "list_models", "Verdict", "create_record"]
    model.assert_finished()


def test_a_bound_model_goes_on_in_the_same_script() -> None:
    model = ScriptedModel(says("one"), says("two"), says("three"))
    bound = model.bind_tools([read_file])
    assert [model.invoke("a").content, bound.invoke("b").content] == ["one", "two"]
    assert bound.bind_tools([list_models]).invoke("c").content == "three"  # type: ignore[attr-defined]
    assert len(model.requests) == 3
    model.assert_finished()


def test_every_request_shows_which_tools_it_offered() -> None:
    model = ScriptedModel(says("x"), repeat_last=True)
    model.invoke("a")
    reading = model.bind_tools([read_file])
    model.bind_tools([list_models, read_file]).invoke("b")
    reading.invoke("c")
    assert model.offered_tools == [[], ["list_models", "read_file"], ["read_file"]]
    assert model.bound_tools == ["list_models", "read_file"]


def test_a_call_to_a_tool_that_is_not_bound_is_refused() -> None:
    assert refusal(ScriptedModel(calls(call("read_fil", path="a.py"))), [read_file, list_models]) == (
        "the script calls 'read_fil', which is not bound; bound tools: read_file, list_models "
        "(ScriptedModel(..., strict=False) lets it pass)"
    )


def test_a_call_without_any_tools_bound_is_refused() -> None:
    with pytest.raises(ScriptError, match="bound tools: none"):
        ScriptedModel(calls(call("read_file", path="a.py"))).invoke("hi")


def test_a_call_without_a_required_argument_is_refused() -> None:
    assert "'read_file' without the required 'path'; it takes: path (required), limit" in refusal(
        ScriptedModel(calls(call("read_file", limit=3))), [read_file]
    )


def test_a_call_with_an_unknown_argument_is_refused() -> None:
    message = refusal(ScriptedModel(calls(call("read_file", pth="a.py"))), [read_file])
    assert "without the required 'path' and with the unknown 'pth'" in message
    assert "with the unknown 'x'; it takes: nothing" in refusal(
        ScriptedModel(calls(call("list_models", x=1))), [list_models]
    )


def test_a_call_that_does_not_fit_is_refused_in_a_stream_too() -> None:
    with pytest.raises(ScriptError, match="not bound"):
        list(ScriptedModel(calls(call("nope"))).bind_tools([read_file]).stream("hi"))


def test_malformed_arguments_pass_because_they_are_wrong_on_purpose() -> None:
    model = ScriptedModel(calls(call("read_file", raw_arguments='{"path')))
    assert len(model.bind_tools([read_file]).invoke("hi").invalid_tool_calls) == 1
    assert "not bound" in refusal(ScriptedModel(calls(call("nope", raw_arguments="{"))), [read_file])


def test_a_model_that_invents_tools_is_scripted_with_strict_off() -> None:
    model = ScriptedModel(calls(call("nope", x=1)), strict=False)
    assert model.bind_tools([read_file]).invoke("hi").tool_calls[0]["name"] == "nope"
    model.assert_finished()


def test_a_provider_tool_without_a_schema_can_be_bound_and_called() -> None:
    model = ScriptedModel(calls(call("web_search", query="alembic")))
    model.bind_tools([{"type": "web_search"}]).invoke("hi")
    assert model.bound_tools == ["web_search"]


def test_structured_output_works_as_with_a_real_model() -> None:
    model = ScriptedModel(calls(call("Verdict", good=False, reason="no index")))
    assert model.with_structured_output(Verdict).invoke("hi") == Verdict(good=False, reason="no index")
