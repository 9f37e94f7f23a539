"""The live things behind a run's context: project, model, tools, journal. Nodes get them from here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models import BaseChatModel
from langgraph.runtime import Runtime

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError
from aksara_agent.journal import Journal, MemoryJournal
from aksara_agent.models.ask import Chat
from aksara_agent.models.resolve import resolve_model
from aksara_agent.policy import judge
from aksara_agent.project import Project
from aksara_agent.prompts import system_prompt
from aksara_agent.tools.base import Tool
from aksara_agent.tools.registry import CONTROL, known_tools, select

Check = str | Callable[[], Any]  # a shell command, or a function that returns whether the goal is reached


@dataclass
class Resources:
    """What a run works with; ``tools`` are those that the policy allows, by name."""

    context: Context
    project: Project
    model: BaseChatModel
    tools: Mapping[str, Tool]
    journal: Journal
    stream: bool = True
    check: Check | None = None
    since: float = 0.0  # a resumed run's clock starts here, in seconds since the epoch
    _instructions: dict[str, str] = field(default_factory=dict)
    _bound: dict[bool, Chat] = field(default_factory=dict)

    def chat(self, mode: str) -> Chat:
        """The model with the tools of a mode bound to it; only an autonomous run can reach a goal."""
        with_goal = mode == "autonomous"
        if with_goal not in self._bound:
            offered = [tool for name, tool in self.tools.items() if with_goal or name != "goal_reached"]
            self._bound[with_goal] = self.model.bind_tools([tool.specification for tool in offered])
        return self._bound[with_goal]

    def deadline(self, started_at: float) -> float | None:
        """The end of the time of a run that started then."""
        return limits.deadline(max(started_at, self.since), self.context.timeout_seconds)

    async def instructions(self, mode: str) -> str:
        """What the model is told in a mode: read once, so that every request begins with the same bytes."""
        if mode not in self._instructions:
            self._instructions[mode] = await asyncio.to_thread(system_prompt, mode, self.project.root)
        return self._instructions[mode]


def build_resources(
    context: Context,
    *,
    model: BaseChatModel | None = None,
    project: Project | None = None,
    tools: Sequence[Any] | None = None,
    discovered: Mapping[str, Tool] | None = None,
    journal: Journal | None = None,
) -> Resources:
    """Open what the context names; what is given ready-made is used as it is.

    Raises ProjectError, UnknownTool and ConfigurationError.
    """
    wanted = context.tools if tools is None else tools
    offered = _offered(select(wanted, known_tools(discovered)), context, explicit=wanted is not None)
    return Resources(
        context=context,
        project=project or Project.open(context.project),
        model=_able(model or resolve_model(context)),
        tools=offered,
        journal=journal or MemoryJournal(),
    )


def _able(model: BaseChatModel) -> BaseChatModel:
    """The model, if it can use tools at all."""
    if type(model).bind_tools is BaseChatModel.bind_tools:
        raise ConfigurationError(f"The chat model {type(model).__name__} cannot use tools (it has no bind_tools).")
    return model


def _offered(chosen: Mapping[str, Tool], context: Context, *, explicit: bool) -> dict[str, Tool]:
    """The chosen tools without those that the policy would refuse anyway."""
    offered = {name: tool for name, tool in chosen.items() if judge(name, tool.effect, context) != "deny"}
    if explicit and not offered.keys() - set(CONTROL):
        raise ConfigurationError(f"allow_writes=False leaves none of the tools {', '.join(chosen)}.")
    return offered


_opened: dict[str, Resources] = {}


async def resources_for(runtime: Runtime[Context]) -> Resources:
    """The resources of the run: given by AgentRuntime, or opened from the context (as in Studio)."""
    context = runtime.context or Context()
    if context._resources is not None:
        return context._resources  # type: ignore[no-any-return]
    key = context.model_dump_json()
    if key not in _opened:
        _opened[key] = await asyncio.to_thread(build_resources, context)
    return _opened[key]


def with_resources(resources: Resources) -> Context:
    """The context that carries these resources to the nodes."""
    carrying = resources.context.model_copy()
    carrying._resources = resources
    return carrying
