"""Everything that can be handed over as a tool, and what cannot."""

from functools import partial
from typing import Any

import pytest
from langchain_core.tools import StructuredTool, ToolException, tool
from pydantic import BaseModel, Field
from tool_use import Use

from aksara_agent.errors import ConfigurationError, ToolFailed, ToolRetry
from aksara_agent.tools import Tool
from aksara_agent.tools.adapt import as_tool


class Greet(Tool):
    name = "greet"
    description = "Greet somebody"
    effect = "read"

    def __init__(self, word: str = "Hello") -> None:
        self.word = word

    async def execute(self, who: str) -> str:
        return f"{self.word}, {who}"


async def test_a_tool_class_and_an_instance_are_both_taken(use: Use) -> None:
    assert await use(as_tool(Greet), who="Ada") == "Hello, Ada"
    assert await use(as_tool(Greet("Hi")), who="Ada") == "Hi, Ada"


async def test_a_plain_function_is_named_and_described_by_itself(use: Use) -> None:
    def count_words(text: str) -> int:
        """Count the words of a text."""
        return len(text.split())

    adapted = as_tool(count_words)
    assert (adapted.name, adapted.description) == ("count_words", "Count the words of a text.")
    assert await use(adapted, text="one two") == 2


async def test_an_async_function_and_a_bound_method_are_taken(use: Use) -> None:
    async def double(number: int) -> int:
        return number * 2

    class Counter:
        count = 0

        def count_up(self, by: int = 1) -> int:
            self.count += by
            return self.count

    counter = Counter()
    assert await use(as_tool(double), number=2) == 4
    assert await use(as_tool(counter.count_up), by=3) == 3
    assert counter.count == 3


def test_a_function_without_a_docstring_is_described_by_its_name() -> None:
    def count_words(text: str) -> None: ...

    assert as_tool(count_words).description == "count words"


def test_the_effect_of_a_function_is_unknown_until_it_is_declared() -> None:
    def look() -> None: ...

    assert as_tool(look).effect == "external"
    assert as_tool(look, effect="read").effect == "read"
    with pytest.raises(ConfigurationError, match="effect is 'reed'; use one of"):
        as_tool(look, effect="reed")  # type: ignore[arg-type]


class Unrelated:
    """Not a Tool."""

    def execute(self) -> None: ...


@pytest.mark.parametrize("thing", [5, None, object(), partial(len, "x"), {"name": "x"}, Unrelated, Unrelated(), int])
def test_what_is_no_tool_is_refused_with_what_is_one(thing: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"is not a tool\. Give a name, a Tool class or instance, a function"):
        as_tool(thing)


def test_a_lambda_is_refused_because_models_could_not_name_it() -> None:
    with pytest.raises(ConfigurationError, match="'<lambda>' cannot be a tool's name"):
        as_tool(lambda text: text)


async def test_a_langchain_tool_keeps_its_name_description_and_schema(use: Use) -> None:
    class Arguments(BaseModel):
        city: str = Field(description="Name of the city")

    @tool(args_schema=Arguments)
    def weather(city: str) -> str:
        """The weather in a city."""
        return f"Rain in {city}"

    adapted = as_tool(weather)
    assert (adapted.name, adapted.description) == ("weather", "The weather in a city.")
    assert adapted.parameters["properties"] == {"city": {"type": "string", "description": "Name of the city"}}
    assert adapted.parameters["required"] == ["city"]
    assert await use(adapted, city="Bergen") == "Rain in Bergen"


async def test_an_async_langchain_tool_runs_as_one(use: Use) -> None:
    @tool
    async def triple(number: int) -> int:
        """Three times the number."""
        return number * 3

    assert await use(as_tool(triple), number=2) == "6"


async def test_wrong_arguments_of_a_langchain_tool_are_explained_as_ours_are(use: Use) -> None:
    @tool
    def half(number: float) -> float:
        """Half of it."""
        return number / 2

    with pytest.raises(ToolRetry) as caught:
        await use(as_tool(half), number="many")
    assert "Wrong arguments for half: number: Input should be a valid number" in str(caught.value)
    assert "Its arguments are: number (number, required)." in str(caught.value)


async def test_a_langchain_tool_that_reports_an_error_has_failed(use: Use) -> None:
    def explode() -> str:
        """Explode."""
        raise ToolException("out of order")

    handled = StructuredTool.from_function(explode, handle_tool_error=True)
    with pytest.raises(ToolFailed, match="out of order"):
        await use(as_tool(handled))
    with pytest.raises(ToolException, match="out of order"):
        await use(as_tool(StructuredTool.from_function(explode)))


def test_a_langchain_tool_declares_its_effect_in_its_metadata() -> None:
    def look() -> str:
        """Look."""
        return ""

    assert as_tool(StructuredTool.from_function(look)).effect == "external"
    assert as_tool(StructuredTool.from_function(look, metadata={"effect": "read"})).effect == "read"
    with pytest.raises(ConfigurationError, match="LangChain tool 'look': effect is 'none'"):
        as_tool(StructuredTool.from_function(look, metadata={"effect": "none"}))
