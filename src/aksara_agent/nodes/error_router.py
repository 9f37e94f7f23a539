"""The recovering node: decide what becomes of each failure."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import ToolMessage
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite, Send

from aksara_agent import limits
from aksara_agent.context import Context, Strategy
from aksara_agent.events import ErrorHappened, Retry, Stamp
from aksara_agent.nodes import endings
from aksara_agent.nodes.counters import completed
from aksara_agent.nodes.strategies import HandlerFailed, attempts, may_retry, strategy_for
from aksara_agent.resources import Resources, resources_for
from aksara_agent.state import Failure, State

FIRST_DELAY, LONGEST_DELAY = 0.5, 60.0  # seconds
SHRINK = 0.6  # of a request that was too long for the model


async def error_router(state: State, runtime: Runtime[Context]) -> Command[Any]:
    """Try again, go on without, ask a person, or stop: for each failure what its strategy says."""
    state, resources = completed(state), await resources_for(runtime)
    failures, started = state["failures"], time.monotonic()
    try:
        decided = [await _decide(failure, state, resources) for failure in failures]
    except HandlerFailed as error:
        return _abort(failures, state, f"{error} {failures[-1]['message']}")
    spent = time.monotonic() - started
    for each in decided:
        runtime.stream_writer(_event(each, state).to_dict())

    if aborting := [each.failure for each in decided if each.strategy == "abort"]:
        return _abort(failures, state, aborting[0]["message"])
    if any(each.strategy == "ask" for each in decided):
        marked = [{**each.failure, "strategy": each.strategy} for each in decided]
        return Command(goto="approval_interrupt", update={"failures": Overwrite(marked)})
    if "task" in failures[-1]:
        return await _recover_calls(decided, state, resources, spent)
    return await _recover_model(decided[-1], state, resources, spent)


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of a failure: whether it is tried ``again``, and after how many seconds."""

    failure: Failure
    strategy: Strategy
    attempt: int
    again: bool
    delay: float


async def _decide(failure: Failure, state: State, resources: Resources) -> Decided:
    """Judge a failure once, so that what is announced is what happens. Raises HandlerFailed."""
    strategy, attempt = await strategy_for(failure, state, resources), attempts(failure, state)
    again = strategy == "retry" and may_retry(failure, state, resources.context)
    waits = again and failure["kind"] != "context_length"
    return Decided(failure, strategy, attempt, again, _delay(failure, attempt) if waits else 0.0)


async def _recover_calls(decided: Sequence[Decided], state: State, resources: Resources, spent: float) -> Command[Any]:
    """Make the calls again that can be, and tell the model about the others."""
    again = [each for each in decided if each.again]
    messages = [_tell(each.failure, each.strategy) for each in decided if not each.again]
    update = {"failures": None, "messages": messages}
    if not again:
        return Command(goto="reason", update=update)
    delay = max(each.delay for each in again)
    left = limits.remaining(resources.deadline(state["started_at"]))
    await asyncio.sleep(min(max(0.0, delay - spent), left if left is not None else delay))
    tasks = [{**each.failure["task"], "attempt": each.attempt + 1} for each in again]
    return Command(goto=[Send("tool_execute", task) for task in tasks], update=update)


async def _recover_model(decided: Decided, state: State, resources: Resources, spent: float) -> Command[Any]:
    """Ask the model again, after a while or with a shorter request; else the next model; else stop."""
    failure, attempt, again = decided.failure, decided.attempt, decided.again
    if again and failure["kind"] == "context_length":
        budget = int(failure["prompt_tokens"] * state["token_ratio"] * SHRINK)
        return _think_again({"model_attempts": attempt, "input_budget": budget})
    delay = max(0.0, decided.delay - spent)
    left = limits.remaining(resources.deadline(state["started_at"]))
    too_late = left is not None and left <= delay
    if again and not too_late and not (delay > LONGEST_DELAY and _has_fallback(state, resources)):
        await asyncio.sleep(delay)
        return _think_again({"model_attempts": attempt})
    if _has_fallback(state, resources):
        return _think_again({"model_attempts": 0, "fallback": state["fallback"] + 1, "input_budget": None})
    return _stop(state, "timeout" if again and too_late else "model_error", failure["message"])


def _think_again(update: Mapping[str, Any]) -> Command[Any]:
    return Command(goto="reason", update={"failures": None, **update})


def _stop(state: State, reason: Any, error: str, messages: Sequence[ToolMessage] = ()) -> Command[Any]:
    return endings.end(state, reason, error, failures=None, messages=list(messages))


def _abort(failures: Sequence[Failure], state: State, error: str) -> Command[Any]:
    """End the run, with every call answered, so that the conversation can go on later."""
    return _stop(state, "aborted", error, [_tell(failure, None) for failure in failures if "task" in failure])


def _has_fallback(state: State, resources: Resources) -> bool:
    return state["fallback"] + 1 < len(resources.models)


def _tell(failure: Failure, strategy: Strategy | None) -> ToolMessage:
    """What the model hears about a call that failed."""
    call, text = failure["task"]["call"], failure["message"]
    if strategy == "retry" and not failure.get("harmless"):
        text += " It is not repeated, because its effect may have happened: find out first."
    return ToolMessage(text, tool_call_id=call["id"], name=call["name"], status="error")


def _event(decided: Decided, state: State) -> Retry | ErrorHappened:
    """What those who watch the run hear."""
    failure = decided.failure
    iteration = state["iterations"] + (0 if "task" in failure else 1)
    stamp: Stamp = {"run_id": state["run_id"], "iteration": iteration}
    tool = failure["task"]["call"]["name"] if "task" in failure else None
    if decided.again:
        return Retry(error=failure["message"], attempt=decided.attempt, delay_seconds=decided.delay, tool=tool, **stamp)
    return ErrorHappened(error=failure["message"], kind=failure["kind"], tool=tool, strategy=decided.strategy, **stamp)


def _delay(failure: Failure, attempt: int) -> float:
    """Seconds to wait: what the provider asks for, else doubling with jitter, so that clients do not march in step."""
    asked = failure.get("retry_after")
    if asked is not None:
        return asked
    return min(LONGEST_DELAY, FIRST_DELAY * 2 ** float(attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 (not a secret)
