"""The names by which tools are known: built in, registered, from a folder, from installed packages."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar, overload

from aksara_agent.errors import ConfigurationError, UnknownTool, did_you_mean
from aksara_agent.results import Effect
from aksara_agent.tools.base import Tool

BUILT_IN = {
    "query_records": "aksara_agent.tools.data.query_records:QueryRecords",
    "create_record": "aksara_agent.tools.data.create_record:CreateRecord",
    "update_record": "aksara_agent.tools.data.update_record:UpdateRecord",
    "delete_record": "aksara_agent.tools.data.delete_record:DeleteRecord",
    "export_records": "aksara_agent.tools.data.export_records:ExportRecords",
    "list_models": "aksara_agent.tools.schema.list_models:ListModels",
    "describe_model": "aksara_agent.tools.schema.describe_model:DescribeModel",
    "check_models": "aksara_agent.tools.schema.check_models:CheckModels",
    "suggest_migration": "aksara_agent.tools.schema.suggest_migration:SuggestMigration",
    "create_migration": "aksara_agent.tools.schema.create_migration:CreateMigration",
    "search_code": "aksara_agent.tools.code.search_code:SearchCode",
    "find_issues": "aksara_agent.tools.code.find_issues:FindIssues",
    "patch_file": "aksara_agent.tools.code.patch_file:PatchFile",
    "read_file": "aksara_agent.tools.system.read_file:ReadFile",
    "write_file": "aksara_agent.tools.system.write_file:WriteFile",
    "run_command": "aksara_agent.tools.system.run_command:RunCommand",
    "report": "aksara_agent.tools.control.report:Report",
    "goal_reached": "aksara_agent.tools.control.goal_reached:GoalReached",
    "note_progress": "aksara_agent.tools.control.note_progress:NoteProgress",
    "recall_result": "aksara_agent.tools.control.recall_result:RecallResult",
}
# The runtime's own: always there, whatever tools are chosen, and no part of max_tool_calls.
CONTROL = ("report", "goal_reached", "note_progress", "recall_result")
AUTONOMOUS = ("goal_reached", "note_progress")  # for runs towards a goal alone
ENTRY_POINT_GROUP = "aksara_agent.tools"

T = TypeVar("T")
_registered: dict[str, Tool] = {}
_recorded: ContextVar[dict[str, Tool]] = ContextVar("recorded", default=_registered)


@overload
def register_tool(thing: T) -> T: ...
@overload
def register_tool(*, effect: Effect = "external") -> Callable[[T], T]: ...
def register_tool(thing: Any = None, *, effect: Effect = "external") -> Any:
    """Make a Tool class, a function or a LangChain tool known by its name; for use as a decorator.

    ``effect`` is for functions; a Tool class declares its own. Registering a name again replaces the
    earlier tool, as re-running a notebook cell does. Raises ConfigurationError for a built-in's name.
    """
    if thing is None:
        return partial(_register, effect=effect)
    return _register(thing, effect=effect)


def _register(thing: T, *, effect: Effect) -> T:
    from aksara_agent.tools.adapt import as_tool

    tool = as_tool(thing, effect)
    _refuse_built_in_name(tool)
    _recorded.get()[tool.name] = tool
    return thing


def _refuse_built_in_name(tool: Tool, where: str = "") -> None:
    if tool.name in BUILT_IN:
        raise ConfigurationError(f"{tool.name!r}{where} is the name of a built-in tool; give yours another name.")


@contextmanager
def recording() -> Iterator[dict[str, Tool]]:
    """Catch what is registered inside the block instead of making it known everywhere."""
    caught: dict[str, Tool] = {}
    token = _recorded.set(caught)
    try:
        yield caught
    finally:
        _recorded.reset(token)


@cache
def built_in(name: str) -> Tool:
    """The built-in tool of that name, imported when first asked for."""
    module, _, attribute = BUILT_IN[name].partition(":")
    tool: Tool = getattr(importlib.import_module(module), attribute)()
    return tool


@cache
def installed() -> Mapping[str, Tool]:
    """The tools that installed packages offer as entry points."""
    tools = map(_installed_tool, entry_points(group=ENTRY_POINT_GROUP))
    return {tool.name: tool for tool in tools}


def _installed_tool(point: EntryPoint) -> Tool:
    """The tool behind an entry point. Raises ConfigurationError that names the package to repair or remove."""
    from aksara_agent.tools.adapt import as_tool

    package = point.dist.name if point.dist else "an installed package"
    try:
        tool = as_tool(point.load())
    except Exception as error:
        raise ConfigurationError(
            f"The tool {point.name!r} of {package} ({point.value}) cannot be loaded: {type(error).__name__}: {error}"
        ) from error
    _refuse_built_in_name(tool, f" in {package}")
    return tool


def known_tools(discovered: Mapping[str, Tool] | None = None) -> dict[str, Tool]:
    """Every tool that can be named, yours before ours."""
    return {**{name: built_in(name) for name in BUILT_IN}, **installed(), **_registered, **(discovered or {})}


def select(wanted: Iterable[Any] | None, known: Mapping[str, Tool]) -> dict[str, Tool]:
    """The wanted tools by name; all that are known when ``wanted`` is None.

    Raises UnknownTool with the close and the available names, ConfigurationError for an empty list.
    """
    if wanted is None:
        return dict(known)
    if isinstance(wanted, str):
        raise ConfigurationError(f"tools={wanted!r} is a string; give a list: tools=[{wanted!r}].")
    from aksara_agent.tools.adapt import as_tool

    tools = [_named(thing, known) if isinstance(thing, str) else as_tool(thing) for thing in wanted]
    if not tools:
        names = ", ".join(sorted(known))
        raise ConfigurationError(
            f"tools=[] leaves the agent nothing to act with. Leave tools out, or name some: {names}."
        )
    return {tool.name: tool for tool in (*tools, *map(built_in, CONTROL))}


def _named(name: str, known: Mapping[str, Tool]) -> Tool:
    if name not in known:
        raise UnknownTool(f"Unknown tool {name!r}. {did_you_mean(name, known)}")
    return known[name]
