"""The functions of yours that a run calls: checked when they are given, sync or async, each with one rule for errors.

before_tool      raises, or returns False or nonsense: the call is blocked, and the model is told
after_tool       raises: the result stands, and the action says so
before_model     raises: the run ends ``aborted``
after_model      raises: the answer stands, and an ``error`` event says so
progress_callback  raises: an ``error`` event says so
error_handler    raises, or returns nonsense: the run ends ``aborted``
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypedDict

from aksara_agent.errors import ConfigurationError

Hook = Callable[..., Any]
PARAMETERS = {
    "before_tool": ("tool_name", "params"),
    "after_tool": ("tool_name", "result"),
    "before_model": ("messages",),
    "after_model": ("message",),
    "progress_callback": ("event",),
    "error_handler": ("error", "context"),
}


class HookArguments(TypedDict, total=False):
    """The hooks that AgentRuntime and execute take by keyword."""

    before_tool: Hook | None
    after_tool: Hook | None
    before_model: Hook | None
    after_model: Hook | None
    progress_callback: Hook | None
    error_handler: Hook | None


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a run calls, and when; all may be functions or coroutine functions.

    ``before_tool`` allows the call (True or None), blocks it (False), or returns other params. ``after_tool``
    returns None or another result. ``before_model`` returns None or other messages, ``after_model`` None or
    another message. ``error_handler`` returns a strategy ("retry", "skip", "abort", "ask"), or None for the
    usual one. Raises ConfigurationError for a hook that cannot be called with its arguments.
    """

    before_tool: Hook | None = None
    after_tool: Hook | None = None
    before_model: Hook | None = None
    after_model: Hook | None = None
    progress_callback: Hook | None = None
    error_handler: Hook | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            _check(field.name, getattr(self, field.name))

    def with_those_of(self, options: Mapping[str, Any]) -> Hooks:
        """These hooks with the given ones in their places."""
        given = {name: options[name] for name in PARAMETERS if options.get(name) is not None}
        return replace(self, **given) if given else self


def without_hooks(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that are no hooks."""
    return {name: value for name, value in options.items() if name not in PARAMETERS}


async def call(hook: Hook, *arguments: Any) -> Any:
    """What the hook returns. A plain function runs in a thread, because it may wait for a person."""
    if inspect.iscoroutinefunction(hook):
        return await hook(*arguments)
    answer = await asyncio.to_thread(hook, *arguments)
    return await answer if inspect.isawaitable(answer) else answer


def _check(name: str, hook: Any) -> None:
    """Refuse at once what would fail in the middle of a run."""
    if hook is None:
        return
    wanted = f"{name}({', '.join(PARAMETERS[name])})"
    if not callable(hook):
        raise ConfigurationError(f"{name}={hook!r} is not a function; give one that takes {wanted}.")
    try:
        signature = inspect.signature(hook)
    except (TypeError, ValueError):
        return  # built-ins do not tell
    try:
        signature.bind(*PARAMETERS[name])
    except TypeError:
        raise ConfigurationError(f"{name} must be callable as {wanted}; yours takes {signature}.") from None
