"""The recovering node: decide what becomes of each failure."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from langchain_core.messages import ToolMessage
from langgraph.graph import END
from langgraph.runtime import Runtime
from langgraph.types import Command

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.events import Retry, Stamp
from aksara_agent.nodes import routes
from aksara_agent.nodes.counters import completed
from aksara_agent.resources import resources_for
from aksara_agent.state import Failure, State

FIRST_DELAY, LONGEST_DELAY = 0.5, 60.0  # seconds


async def error_router(state: State, runtime: Runtime[Context]) -> Command[Any]:
    """Tell the model about tools that failed; ask a failed model again where that may help, else stop."""
    state, resources = completed(state), await resources_for(runtime)
    context = resources.context
    failures = state["failures"]
    of_tools = [failure for failure in failures if "call" in failure]
    if of_tools:
        return Command(goto="reason", update={"failures": None, "messages": [_tell(failure) for failure in of_tools]})

    failure, attempt = failures[-1], state["model_attempts"] + 1
    delay = _delay(failure, attempt)
    left = limits.remaining(resources.deadline(state["started_at"]))
    if left is not None and left <= delay and failure["kind"] in routes.PASSING:
        stop, _ = "timeout", failure
        return Command(goto=END, update={"failures": None, "stop_reason": stop, "error": failure["message"]})
    if routes.after_error(failure["kind"], attempt, context.max_retries if context.retry_on_error else 0) == "stop":
        return Command(goto=END, update={"failures": None, "stop_reason": "model_error", "error": failure["message"]})
    stamp: Stamp = {"run_id": state["run_id"], "iteration": state["iterations"] + 1}
    runtime.stream_writer(Retry(error=failure["message"], attempt=attempt, delay_seconds=delay, **stamp).to_dict())
    await asyncio.sleep(delay)
    return Command(goto="reason", update={"failures": None, "model_attempts": attempt})


def _tell(failure: Failure) -> ToolMessage:
    call = failure["call"]
    return ToolMessage(failure["message"], tool_call_id=call["id"], name=call["name"], status="error")


def _delay(failure: Failure, attempt: int) -> float:
    """Seconds to wait: what the provider asks for, else doubling with jitter, so that clients do not march in step."""
    asked = failure.get("retry_after")
    if asked is not None:
        return asked
    return min(LONGEST_DELAY, FIRST_DELAY * 2 ** float(attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311 (not a secret)
