"""Anything a user may hand over as a tool, made into a Tool: classes, instances, functions, LangChain tools."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ValidationError

from aksara_agent.errors import ConfigurationError, ToolFailed, ToolRetry
from aksara_agent.results import Effect
from aksara_agent.tools.arguments import explain, summary
from aksara_agent.tools.base import Tool, ToolContext, check_name_and_effect


class FunctionTool(Tool, abstract=True):
    """A plain function, async or not, as a tool; its docstring is the description."""

    def __init__(self, function: Callable[..., Any], effect: Effect = "external") -> None:
        self.name = function.__name__
        self.description = summary(inspect.getdoc(function) or "") or self.name.replace("_", " ")
        self.effect = effect
        self.execute = function
        check_name_and_effect(self, repr(function))


class LangChainTool(Tool, abstract=True):
    """A LangChain tool as it is; ``metadata={"effect": "read"}`` on it declares its effect."""

    def __init__(self, tool: BaseTool) -> None:
        self.name, self.description, self.tool = tool.name, tool.description or tool.name, tool
        self.effect = (tool.metadata or {}).get("effect", "external")
        check_name_and_effect(self, f"LangChain tool {tool.name!r}")

    @property
    def stoppable(self) -> bool:
        """Whether it is a coroutine; LangChain runs any other in a thread."""
        return self.harmless or _is_async(self.tool)

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON schema that LangChain itself would send."""
        schema: dict[str, Any] = convert_to_openai_tool(self.tool)["function"].get("parameters", {})
        return {"type": "object", "properties": {}, **schema}

    def validate(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Nothing: LangChain checks them when it runs the tool."""
        return arguments

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        """Invoke it as LangGraph's own ToolNode would."""
        call = {"type": "tool_call", "id": context.call_id, "name": self.name, "args": arguments}
        try:
            message = await self.tool.ainvoke(call)
        except ValidationError as error:
            raise ToolRetry(explain(self.name, self.parameters, error)) from None
        content = getattr(message, "content", message)
        if getattr(message, "status", None) == "error":  # the tool handled its own error: it is one all the same
            raise ToolFailed(str(content))
        return content


def _is_async(tool: BaseTool) -> bool:
    """LangChain's own wrappers of functions have an async method too, which falls back on a thread."""
    if hasattr(tool, "coroutine"):
        return tool.coroutine is not None
    return type(tool)._arun is not BaseTool._arun


def as_tool(thing: Any, effect: Effect = "external") -> Tool:
    """The tool behind an instance, a class, a function or a LangChain tool.

    Raises ConfigurationError for anything else.
    """
    if isinstance(thing, Tool):
        return thing
    if inspect.isclass(thing) and issubclass(thing, Tool):
        return thing()
    if isinstance(thing, BaseTool):
        return LangChainTool(thing)
    if callable(thing) and hasattr(thing, "__name__") and not inspect.isclass(thing):
        return FunctionTool(thing, effect)
    raise ConfigurationError(
        f"{thing!r} is not a tool. Give a name, a Tool class or instance, "
        "a function with type hints, or a LangChain tool."
    )
