"""The live things behind a run's context: project, model, tools, journal. Nodes get them from here."""

from __future__ import annotations

import asyncio
import json
import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models import BaseChatModel
from langgraph.runtime import Runtime

from aksara_agent import limits
from aksara_agent.context import Context, Price
from aksara_agent.errors import ConfigurationError
from aksara_agent.hooks import Hooks
from aksara_agent.journal import Journal, MemoryJournal
from aksara_agent.models.ask import Chat
from aksara_agent.models.resolve import resolve_models
from aksara_agent.policy import SYSTEM_TOOLS, judge, refuse_unsafe_commands
from aksara_agent.project import Project
from aksara_agent.prompts import system_prompt
from aksara_agent.redaction import Redactor
from aksara_agent.tools.base import Tool
from aksara_agent.tools.registry import AUTONOMOUS, CONTROL, known_tools, select
from aksara_agent.tracing import Trace
from aksara_agent.usage import price_of

OFFLINE = "aksara-agent-offline"  # how the offline model calls itself
Check = str | Callable[[], Any]  # a shell command, or a function that returns whether the goal is reached


@dataclass
class Resources:
    """What a run works with; ``tools`` are those that the policy allows, by name."""

    context: Context
    project: Project
    models: Sequence[BaseChatModel]  # the first is asked, the others step in when it fails
    tools: Mapping[str, Tool]
    journal: Journal
    hooks: Hooks = field(default_factory=Hooks)
    redactor: Redactor = field(default_factory=Redactor)
    trace: Trace = field(default_factory=Trace)
    stream: bool = True
    check: Check | None = None
    since: float = 0.0  # a resumed run's clock starts here, in seconds since the epoch
    raised: dict[str, Exception] = field(default_factory=dict, init=False)  # live errors, for the error handler
    _instructions: dict[str, str] = field(default_factory=dict)
    _bound: dict[tuple[bool, int], Chat] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    @property
    def model(self) -> BaseChatModel:
        """The model that is asked first."""
        return self.models[0]

    def model_at(self, number: int) -> BaseChatModel:
        """The model that a run has come to; the last one for a number that a longer list of models gave."""
        return self.models[min(number, len(self.models) - 1)]

    def chat(self, mode: str, number: int = 0) -> Chat:
        """A model with the tools of a mode bound to it."""
        key = (mode == "autonomous", number)
        if key not in self._bound:
            self._bound[key] = self.model_at(number).bind_tools(self.specifications(mode))
        return self._bound[key]

    def specifications(self, mode: str) -> list[dict[str, Any]]:
        """The tools as a model is told of them; only an autonomous run has a goal to reach."""
        offered = (tool for name, tool in self.tools.items() if mode == "autonomous" or name not in AUTONOMOUS)
        return [tool.specification for tool in offered]

    def specification_size(self, mode: str) -> int:
        """How many characters they are."""
        if mode not in self._sizes:
            self._sizes[mode] = len(json.dumps(self.specifications(mode)))
        return self._sizes[mode]

    def price_at(self, number: int) -> Price | None:
        """What the model that a run has come to costs, where prices are given."""
        if not self.context.prices:
            return None
        if self.model_at(number)._llm_type == OFFLINE:
            return Price(input=0, output=0)
        return price_of(self.model_name(number), self.context.prices)

    def model_name(self, number: int) -> str:
        """'provider:name' of a model, as LangChain's own tracing calls it."""
        if number not in self._names:
            model = self.model_at(number)
            told = model._get_ls_params()
            self._names[number] = f"{told.get('ls_provider')}:{told.get('ls_model_name') or type(model).__name__}"
        return self._names[number]

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
    models: Sequence[BaseChatModel] | None = None,
    project: Project | None = None,
    tools: Sequence[Any] | None = None,
    discovered: Mapping[str, Tool] | None = None,
    journal: Journal | None = None,
    hooks: Hooks | None = None,
    redactor: Redactor | None = None,
) -> Resources:
    """Open what the context names; what is given ready-made is used as it is.

    Raises ProjectError, UnknownTool and ConfigurationError.
    """
    wanted = context.tools if tools is None else tools
    offered = _offered(select(wanted, known_tools(discovered)), context, explicit=wanted is not None)
    refuse_unsafe_commands(offered, context)
    resources = Resources(
        context=context,
        project=project or Project.open(context.project),
        models=[_able(model) for model in models or resolve_models(context)],
        tools=offered,
        journal=journal or MemoryJournal(),
        hooks=hooks or Hooks(),
        redactor=redactor or Redactor(os.environ),
    )
    _refuse_unpriced(resources)
    return resources


def _able(model: BaseChatModel) -> BaseChatModel:
    """The model, if it can use tools at all."""
    if type(model).bind_tools is BaseChatModel.bind_tools:
        raise ConfigurationError(f"The chat model {type(model).__name__} cannot use tools (it has no bind_tools).")
    return model


def _offered(chosen: Mapping[str, Tool], context: Context, *, explicit: bool) -> dict[str, Tool]:
    """The chosen tools without those that the policy would refuse anyway."""
    offered = {name: tool for name, tool in chosen.items() if judge(name, tool.effect, context) != "deny"}
    if explicit and not offered.keys() - set(CONTROL):
        raise ConfigurationError(f"{_setting_against(context)} leaves none of the tools {_names(chosen)}.")
    if explicit and (missing := (chosen.keys() - offered.keys()) & SYSTEM_TOOLS) and context.allow_writes:
        warnings.warn(
            f"{_names(missing)} is not offered: pass allow_system_tools=True if the agent may run commands.",
            UserWarning,
            stacklevel=5,
        )
    return offered


def _setting_against(context: Context) -> str:
    return "allow_writes=False" if not context.allow_writes else "allow_system_tools=False"


def _names(tools: Iterable[str]) -> str:
    return ", ".join(name for name in tools if name not in CONTROL)


def _refuse_unpriced(resources: Resources) -> None:
    """A limit of cost means nothing where a model has no price."""
    if resources.context.max_cost is None:
        return
    for number in range(len(resources.models)):
        if resources.price_at(number) is None:
            name, known = resources.model_name(number).partition(":")[2], ", ".join(resources.context.prices)
            raise ConfigurationError(f"max_cost needs a price for {name!r}; prices has only: {known}.")


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
