"""The counters of a run: fresh when a person's message starts one, carried on through its cycles."""

from __future__ import annotations

import time
from typing import Any, cast

from langchain_core.messages import BaseMessage

from aksara_agent.errors import SessionError
from aksara_agent.results import no_usage
from aksara_agent.state import State
from aksara_agent.transcript import is_task

KEPT = (
    "run_id", "started_at", "iterations", "tool_calls", "model_attempts", "fallback", "told", "input_budget",
    "token_ratio", "usage", "stop_reason", "error",
)  # fmt: skip
NONE_YET: dict[str, Any] = {"iterations": 0, "tool_calls": 0, "model_attempts": 0, "fallback": 0, "told": []}


def completed(state: State) -> State:
    """The state with what an older version did not keep in it, as if the run had only begun."""
    tasks = [message.id for message in state.get("messages", []) if is_task(message)]
    absent = {"run_id": tasks[-1] if tasks else "", "started_at": time.time(), "usage": no_usage()}
    return cast(State, {**absent, **NONE_YET, "token_ratio": 1.0, **state})


def begun(state: State, *, since: float = 0.0) -> State:
    """The state of the run that the last message belongs to; its clock starts at ``since`` at the earliest.

    Raises SessionError for an empty conversation.
    """
    if not state.get("messages"):
        raise SessionError("There is no task: send a message first.")
    last: BaseMessage = state["messages"][-1]
    if not is_task(last) or last.id == state.get("run_id"):
        state = completed(state)
        return {**state, "started_at": max(state["started_at"], since)}
    fresh = {"run_id": last.id, "started_at": time.time(), **NONE_YET, "stop_reason": None, "error": None}
    return cast(State, {"usage": no_usage(), "token_ratio": 1.0, **state, **fresh, "rejected": None})


def counters(state: State) -> dict[str, Any]:
    """The counters alone, as an update of the state."""
    fresh = {} if state.get("rejected") else {"rejected": None}  # those of earlier runs are forgotten
    return {key: state.get(key) for key in KEPT} | fresh
