"""What is to become of a failure: what the user's handler says, or the setting, or else what suits its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from aksara_agent.context import Context, Strategy
from aksara_agent.errors import AksaraAgentError, ToolFailed
from aksara_agent.hooks import call
from aksara_agent.models.failures import PASSING
from aksara_agent.resources import Resources
from aksara_agent.state import Failure, State


class HandlerFailed(Exception):
    """The error handler raised, or returned something that is no strategy."""


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """What an error handler is told beside the error. ``attempt`` counts from 1.

    ``retryable`` says whether "retry" will be heard: not for a tool whose effect may have happened, and not
    after ``max_retries``.
    """

    source: Literal["model", "tool"]
    kind: str
    message: str
    attempt: int
    retryable: bool
    run_id: str
    iteration: int
    tool: str | None = None
    params: dict[str, Any] | None = None


async def strategy_for(failure: Failure, state: State, resources: Resources) -> Strategy:
    """The strategy for a failure. Raises HandlerFailed."""
    if decided := failure.get("strategy"):
        return cast(Strategy, decided)
    error = resources.raised.pop(failure.get("id", ""), None) or _again(failure)
    if resources.hooks.error_handler:
        told = error_context(failure, state, resources.context)
        if said := await _asked(resources, error, told):
            return said
    return resources.context.error_strategy or _usual(failure, state, resources.context)


def error_context(failure: Failure, state: State, context: Context) -> ErrorContext:
    """The failure as an error handler is told of it."""
    task = failure.get("task")
    return ErrorContext(
        source="tool" if task else "model",
        kind=failure["kind"],
        message=failure["message"],
        attempt=attempts(failure, state),
        retryable=may_retry(failure, state, context),
        run_id=state["run_id"],
        iteration=state["iterations"],
        tool=task["call"]["name"] if task else None,
        params=task["call"]["args"] if task else None,
    )


def attempts(failure: Failure, state: State) -> int:
    """How often it has been tried."""
    return failure["task"].get("attempt", 1) if "task" in failure else state["model_attempts"] + 1


def may_retry(failure: Failure, state: State, context: Context) -> bool:
    """Whether it can be tried again: never when an effect could happen twice, whatever anybody says."""
    left = attempts(failure, state) <= (context.max_retries if context.retry_on_error else 0)
    return left and ("task" not in failure or failure.get("harmless", False))


def _usual(failure: Failure, state: State, context: Context) -> Strategy:
    """Try again what may pass; else go on without the call, or with the next model."""
    too_long = failure["kind"] == "context_length" and state["model_attempts"] == 0  # a shorter request may do
    passing = failure["kind"] in PASSING or too_long
    return "retry" if passing and may_retry(failure, state, context) else "skip"


async def _asked(resources: Resources, error: Exception, told: ErrorContext) -> Strategy | None:
    """What the user's handler says."""
    assert resources.hooks.error_handler is not None
    try:
        said = await call(resources.hooks.error_handler, error, told)
    except Exception as raised:
        raise HandlerFailed(f"error_handler raised {type(raised).__name__}: {raised}") from raised
    if said is not None and said not in get_args(Strategy):
        raise HandlerFailed(f"error_handler returned {said!r:.100}; return one of {get_args(Strategy)} or None.")
    return cast(Strategy | None, said)


def _again(failure: Failure) -> Exception:
    """An exception for a failure that an earlier process saw; its own is gone with that process."""
    return ToolFailed(failure["message"]) if "task" in failure else AksaraAgentError(failure["message"])
