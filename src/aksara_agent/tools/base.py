"""What a tool is: a name, a description, a declared effect, and an ``execute`` with typed parameters."""

from __future__ import annotations

import asyncio
import inspect
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ValidationError

from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError, ToolRetry
from aksara_agent.results import Action, Effect
from aksara_agent.tools.arguments import arguments_model, compact_schema, context_parameter, explain, given
from aksara_agent.tools.bounded import in_thread

if TYPE_CHECKING:
    from aksara_agent.journal import Journal
    from aksara_agent.project import Project
    from aksara_agent.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may use of the run. A parameter of this type is filled in and hidden from the model.

    ``approved`` is the fingerprint of the preview that a person has approved, where there was one. ``given_up`` is
    set when nobody waits for the call any more; a plain function that takes long may look at it.
    """

    project: Project
    workspace: Workspace
    journal: Journal
    run_id: str
    call_id: str
    settings: Context = field(default_factory=Context)
    approved: str | None = None
    given_up: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a call would change, in words; ``fingerprint`` stands for the state of the world that this is true of."""

    text: str
    fingerprint: str | None = None


class Tool:
    """Base of all tools: set ``name``, ``description`` and ``effect``, and write ``execute``.

    ``effect`` says what the tool does to the world: ``read``, ``write`` (files or rows of the project)
    or ``external`` (anything else, which nobody can undo). ``timeout`` is in seconds. ``only_files`` promises
    that its whole effect goes through ``context.workspace``, so that a crash in the middle can be settled.
    """

    name: str
    description: str
    effect: Effect = "external"
    timeout: float | None = None
    only_files: bool = False
    execute: Callable[..., Any]

    _abstract: ClassVar[bool] = True

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._abstract = abstract
        if not abstract:
            _check_declaration(cls)

    def preview(self, arguments: dict[str, Any], workspace: Workspace) -> str | None:
        """What the call would change, for the person who is asked; pure, it may run several times."""
        return None

    async def foresee(self, arguments: dict[str, Any], context: ToolContext) -> Preview | None:
        """``preview`` for tools that must look at the database; read-only, it may run several times."""
        text = await asyncio.to_thread(self.preview, arguments, context.workspace)
        return Preview(text) if text else None

    async def settle(self, action: Action, context: ToolContext) -> Literal["done", "again", "unknown"]:
        """What became of a call that a crash cut off; ``done`` fills in the action's output, ``again``: nothing."""
        return "unknown"

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The pydantic model of the arguments, made from the type hints of ``execute``."""
        return arguments_model(self.name, self.execute, hidden=ToolContext)

    @cached_property
    def specification(self) -> dict[str, Any]:
        """The tool in OpenAI's function format, as the model sees it."""
        function = {"name": self.name, "description": self.description, "parameters": self.parameters}
        return {"type": "function", "function": function}

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON schema of the arguments."""
        return compact_schema(self.arguments)

    def validate(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as typed values. Raises ToolRetry that says what to change."""
        try:
            checked = self.arguments.model_validate(arguments)
        except ValidationError as error:
            raise ToolRetry(explain(self.name, self.parameters, error)) from None
        return given(checked)

    @property
    def stoppable(self) -> bool:
        """Whether a call can be given up at any time: it is cancelled, or what its thread still does can do no harm."""
        return inspect.iscoroutinefunction(self.execute) or self.harmless

    @property
    def harmless(self) -> bool:
        """Whether a call that was given up changes nothing behind anybody's back: the workspace is closed to it."""
        return self.effect == "read" or self.only_files

    async def run(self, arguments: dict[str, Any], context: ToolContext) -> Any:
        """Check the arguments and execute; a plain function runs in a thread."""
        values = self.validate(arguments)
        if parameter := self._context_parameter:
            values[parameter] = context
        if inspect.iscoroutinefunction(self.execute):
            return await self.execute(**values)
        result = await in_thread(self.execute, **values)
        return await result if inspect.isawaitable(result) else result

    @cached_property
    def _context_parameter(self) -> str | None:
        return context_parameter(self.execute, ToolContext)


def check_name_and_effect(tool: Tool | type[Tool], owner: str) -> None:
    """Raises ConfigurationError for a name that models cannot call and for an effect that does not exist."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", tool.name):
        raise ConfigurationError(
            f"{owner}: {tool.name!r} cannot be a tool's name. Use letters, digits, '_' and '-', at most 64."
        )
    if tool.effect not in get_args(Effect):
        raise ConfigurationError(f"{owner}: effect is {tool.effect!r}; use one of {get_args(Effect)}.")


def _check_declaration(cls: type[Tool]) -> None:
    """Refuse a tool class that nobody could call, at the place where it is written."""
    for attribute in ("name", "description"):
        value = getattr(cls, attribute, None)
        if not isinstance(value, str) or not value.strip():
            raise ConfigurationError(f"{cls.__qualname__} needs a class attribute {attribute!r}: a non-empty string.")
    check_name_and_effect(cls, cls.__qualname__)
    if not callable(getattr(cls, "execute", None)):
        raise ConfigurationError(f"{cls.__qualname__} needs a method: async def execute(self, …).")
