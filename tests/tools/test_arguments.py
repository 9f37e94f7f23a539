"""From type hints to the schema a model sees, and from a wrong call to words that help it."""

from enum import StrEnum
from typing import Annotated, Any, Literal, NotRequired

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from aksara_agent.errors import ConfigurationError, ToolRetry
from aksara_agent.tools.adapt import as_tool
from aksara_agent.tools.arguments import argument_descriptions, summary


class Place(TypedDict):
    title: str
    line: NotRequired[int]


class Order(BaseModel):
    number: int
    places: list[Place] = []


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


def schema(function: Any) -> dict[str, Any]:
    return as_tool(function).parameters


def test_a_function_without_parameters_has_an_empty_object_as_schema() -> None:
    def ping() -> None: ...

    assert schema(ping) == {"type": "object", "properties": {}}


def test_hints_defaults_and_descriptions_are_all_a_schema_needs() -> None:
    def find(
        name: str,
        limit: Annotated[int, Field(ge=1, le=100, description="How many.")] = 10,
        kind: Literal["user", "post"] | None = None,
    ) -> None: ...

    assert schema(find) == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10, "description": "How many."},
            "kind": {"anyOf": [{"enum": ["user", "post"], "type": "string"}, {"type": "null"}], "default": None},
        },
        "required": ["name"],
    }


def test_a_google_docstring_describes_what_no_annotation_does() -> None:
    def find(name: str, limit: Annotated[int, Field(description="From the hint.")] = 10, unit: str = "m") -> None:
        """Find things.

        Args:
            name: What to look for,
                also in other cases.
            limit (int): From the docstring.

        Returns:
            unit: not an argument
        """

    properties = schema(find)["properties"]
    assert properties["name"]["description"] == "What to look for, also in other cases."
    assert properties["limit"]["description"] == "From the hint."
    assert "description" not in properties["unit"]
    assert as_tool(find).description == "Find things."


def test_nested_types_are_described_and_arrive_as_what_they_are_hinted_to_be() -> None:
    def place(places: list[Place], order: Order, color: Color = Color.RED) -> None: ...

    definitions = schema(place)["$defs"]
    assert definitions["Place"]["properties"] == {"title": {"type": "string"}, "line": {"type": "integer"}}
    assert definitions["Place"]["required"] == ["title"]
    values = as_tool(place).validate(
        {"places": [{"title": "x"}], "order": {"number": 1, "places": [{"title": "y", "line": 2}]}, "color": "blue"}
    )
    assert values["places"] == [{"title": "x"}]
    assert values["order"] == Order(number=1, places=[{"title": "y", "line": 2}])
    assert values["color"] is Color.BLUE


def test_titles_made_by_pydantic_are_left_out_and_an_argument_called_title_stays() -> None:
    def rename(title: str, properties: dict[str, str], options: dict[str, str] = {"title": "x"}) -> None: ...  # noqa: B006

    found = schema(rename)
    assert "title" not in found
    assert found["properties"]["title"] == {"type": "string"}
    assert "title" not in found["properties"]["properties"]
    assert found["properties"]["options"]["default"] == {"title": "x"}
    assert found["required"] == ["title", "properties"]


@pytest.mark.parametrize(
    "name", ["schema", "json", "copy", "model_config", "model_dump", "model_name", "_id", "field_0"]
)
def test_an_argument_may_have_any_name(name: str) -> None:
    namespace: dict[str, Any] = {}
    exec(f"def echo({name}: str, other: int = 1) -> str:\n    return {name}\n", namespace)
    echo = as_tool(namespace["echo"])
    assert list(echo.parameters["properties"]) == [name, "other"]
    assert echo.parameters["required"] == [name]
    assert echo.validate({name: "x"}) == {name: "x"}
    with pytest.raises(ToolRetry, match=f"{name}: Field required"):
        echo.validate({})


def test_arguments_that_are_not_given_are_left_to_the_function() -> None:
    def find(name: str, seen: list[str] = []) -> None: ...  # noqa: B006

    assert as_tool(find).validate({"name": "x"}) == {"name": "x"}


def test_values_come_as_the_types_of_the_hints() -> None:
    def add(number: int, ratio: float, on: bool) -> None: ...

    values = as_tool(add).validate({"number": "7", "ratio": 1, "on": "true"})
    assert values == {"number": 7, "ratio": 1.0, "on": True}


def test_an_argument_without_a_hint_takes_anything() -> None:
    def take(anything) -> None: ...  # type: ignore[no-untyped-def]

    assert schema(take)["properties"] == {"anything": {}}
    assert as_tool(take).validate({"anything": [1, {"a": None}]}) == {"anything": [1, {"a": None}]}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"limit": 5}, "name: Field required"),
        ({"name": "x", "limits": 5}, "limits: Extra inputs are not permitted"),
        ({"name": "x", "limit": "many"}, "limit: Input should be a valid integer"),
        ({"name": "x", "limit": 0}, "limit: Input should be greater than or equal to 1"),
        ({"name": "x", "place": {"line": 1}}, "place.title: Field required"),
    ],
)
def test_a_wrong_call_is_explained_with_all_the_arguments_there_are(arguments: dict[str, Any], problem: str) -> None:
    def find(name: str, limit: Annotated[int, Field(ge=1)] = 5, place: Place | None = None) -> None: ...

    with pytest.raises(ToolRetry) as caught:
        as_tool(find).validate(arguments)
    message = str(caught.value)
    assert message.startswith("Wrong arguments for find: ")
    assert problem in message
    assert "Its arguments are: name (string, required), limit (integer), place (value)." in message


def test_all_problems_of_a_call_are_named_at_once() -> None:
    def find(name: str, limit: int) -> None: ...

    with pytest.raises(ToolRetry, match=r"name: Field required; limit: .*; more: Extra"):
        as_tool(find).validate({"limit": None, "more": 1})


def test_a_call_of_a_tool_without_arguments_says_that_there_are_none() -> None:
    def ping() -> None: ...

    with pytest.raises(ToolRetry, match="Its arguments are: none"):
        as_tool(ping).validate({"host": "x"})


def test_parameters_that_no_model_can_name_are_refused() -> None:
    def star(*names: str) -> None: ...
    def keywords(**names: str) -> None: ...
    def positional(name: str, /) -> None: ...

    for function, shown in ((star, "*names"), (keywords, "**names"), (positional, "name")):
        with pytest.raises(ConfigurationError) as caught:
            _ = as_tool(function).specification
        assert repr(function.__name__) in str(caught.value)
        assert shown in str(caught.value)


def test_a_hint_that_names_nothing_is_refused_with_its_name() -> None:
    def find(user: "Nobody") -> None: ...  # type: ignore[name-defined] # noqa: F821

    with pytest.raises(ConfigurationError, match="'find': a type hint cannot be resolved: name 'Nobody'"):
        _ = as_tool(find).specification


@pytest.mark.parametrize(
    ("docstring", "descriptions"),
    [
        ("", {}),
        ("Only a summary.", {}),
        ("S.\n\nArgs:\n    a: One.\n    b (int, optional): Two.\n\nRaises:\n    c: Three.", {"a": "One.", "b": "Two."}),
        ("S.\n\nArgs:\n\n    a: One\n        and more: text.\n", {"a": "One and more: text."}),
    ],
)
def test_the_arguments_section_of_a_docstring_is_read(docstring: str, descriptions: dict[str, str]) -> None:
    assert argument_descriptions(docstring) == descriptions


def test_the_description_of_a_tool_ends_where_the_sections_begin() -> None:
    assert summary("Find things.\n\nAlso people.\n\nArgs:\n    a: One.") == "Find things.\n\nAlso people."
