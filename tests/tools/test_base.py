"""Tools as classes: what they declare, how they are called, and what is refused where it is written."""

import asyncio
import threading
from collections.abc import Awaitable
from typing import Any

import pytest
from tool_use import Use

from aksara_agent.errors import ConfigurationError, ToolRetry
from aksara_agent.tools import Tool, ToolContext, register_tool
from aksara_agent.tools.adapt import as_tool
from aksara_agent.tools.registry import known_tools, select


async def test_the_deploy_tool_of_the_spec_works_as_it_is_written(use: Use) -> None:
    @register_tool
    class DeployTool(Tool):
        name = "deploy"
        description = "Deploy the application"

        async def execute(self, environment: str):  # type: ignore[no-untyped-def]
            # Deploy logic
            return {"status": "deployed", "url": "..."}

    tool = select(["deploy"], known_tools())["deploy"]
    assert tool.specification == {
        "type": "function",
        "function": {
            "name": "deploy",
            "description": "Deploy the application",
            "parameters": {
                "type": "object",
                "properties": {"environment": {"type": "string"}},
                "required": ["environment"],
            },
        },
    }
    assert tool.effect == "external"
    assert await use(tool, environment="staging") == {"status": "deployed", "url": "..."}
    assert isinstance(DeployTool(), Tool)  # the decorator hands the class back


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"description": "x"}, "'name': a non-empty string"),
        ({"name": " ", "description": "x"}, "'name': a non-empty string"),
        ({"name": "x"}, "'description': a non-empty string"),
        ({"name": 5, "description": "x"}, "'name': a non-empty string"),
        ({"name": "x", "description": "x", "effect": "delete"}, "effect is 'delete'; use one of"),
        ({"name": "deploy the app", "description": "x"}, "'deploy the app' cannot be a tool's name"),
        ({"name": "x" * 65, "description": "x"}, "at most 64"),
        ({"name": "x", "description": "x", "execute": None}, "needs a method: async def execute"),
    ],
)
def test_a_class_that_nobody_could_call_is_refused_where_it_is_written(
    attributes: dict[str, Any], message: str
) -> None:
    async def execute(self: Any) -> None: ...

    with pytest.raises(ConfigurationError, match="Broken") as caught:
        type("Broken", (Tool,), {"execute": execute, **attributes})
    assert message in str(caught.value)


def test_a_class_without_execute_is_refused_where_it_is_written() -> None:
    with pytest.raises(ConfigurationError, match="Silent needs a method: async def execute"):

        class Silent(Tool):
            name = "silent"
            description = "Does nothing"


async def test_a_base_class_of_your_own_may_leave_things_open(use: Use) -> None:
    class Greeting(Tool, abstract=True):
        effect = "read"
        word: str

        async def execute(self, who: str) -> str:
            return f"{self.word}, {who}"

    class Hello(Greeting):
        name = "hello"
        description = "Greet"
        word = "Hello"

    assert await use(Hello(), who="Ada") == "Hello, Ada"
    assert Hello.effect == "read"


async def test_the_context_is_filled_in_and_never_shown_to_the_model(context: ToolContext) -> None:
    class WhichRun(Tool):
        name = "which_run"
        description = "Say which run this is"

        async def execute(self, word: str, context: ToolContext) -> str:
            return f"{word} {context.run_id}"

    tool = WhichRun()
    assert list(tool.parameters["properties"]) == ["word"]
    assert await tool.run({"word": "run"}, context) == "run run"
    with pytest.raises(ToolRetry, match="context: Extra inputs"):
        await tool.run({"word": "x", "context": {"run_id": "forged"}}, context)


async def test_a_function_gets_the_context_as_well_under_whatever_name(context: ToolContext) -> None:
    def folder(where: ToolContext, suffix: str = "") -> str:
        return f"{where.workspace.root}{suffix}"

    tool = as_tool(folder)
    assert list(tool.parameters["properties"]) == ["suffix"]
    assert await tool.run({}, context) == str(context.workspace.root)


async def test_plain_functions_run_beside_the_event_loop_and_async_ones_in_it(use: Use) -> None:
    def plain() -> int:
        return threading.get_ident()

    async def asynchronous() -> int:
        return threading.get_ident()

    assert await use(as_tool(plain)) != threading.get_ident()
    assert await use(as_tool(asynchronous)) == threading.get_ident()


async def test_two_blocking_tools_do_not_wait_for_each_other(use: Use) -> None:
    both_are_here = threading.Barrier(2, timeout=10)

    def meet() -> int:
        return both_are_here.wait()

    tool = as_tool(meet)
    assert sorted(await asyncio.gather(use(tool), use(tool))) == [0, 1]


async def test_a_plain_function_may_return_something_to_await(use: Use) -> None:
    async def later() -> str:
        return "later"

    def now() -> Awaitable[str]:
        return later()

    assert await use(as_tool(now)) == "later"


async def test_defaults_are_the_function_s_own(use: Use) -> None:
    nothing = object()

    def find(name: str, default: Any = nothing) -> bool:
        return default is nothing

    tool = as_tool(find)
    assert await tool.run({"name": "x"}, None) is True  # type: ignore[arg-type]
    assert await tool.run({"name": "x", "default": 1}, None) is False  # type: ignore[arg-type]


async def test_what_a_tool_raises_is_raised_unchanged(use: Use) -> None:
    def fail() -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        await use(as_tool(fail))
