"""When a run must end before its model says so: pure questions about its state."""

from __future__ import annotations

import time
from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from aksara_agent.context import Context
from aksara_agent.results import StopReason
from aksara_agent.state import State

Stop = tuple[StopReason, str]
NEAR = 0.8  # the part of a limit from which on the model is told of it
SAME_STEP, SAME_PAIR = 3, 2  # how often in a row a step, or two steps in turn, is a circle
LOOP = "loop"


def reached(state: State, context: Context) -> Stop | None:
    """The limit at which the run stands, with a sentence for people; None while it may go on.

    Not max_tool_calls: who has made all of them may still answer.
    """
    for reason, used, limit, unit in _measures(state, context):
        if limit is not None and used >= limit and reason != "max_tool_calls":
            knob = "timeout_seconds" if reason == "timeout" else reason
            return (
                reason,
                f"Stopped after {limit:,.12g} {unit} ({knob}={limit:.12g}); what was done until then is in the result.",
            )
    if LOOP in state["told"] and in_circle(state["messages"]):
        return "loop_detected", "The model went on repeating the same step with the same result after it was warned."
    return None


def warnings(state: State, context: Context) -> dict[str, str]:
    """What the model should know before it thinks, by the limit that it is about. It is told of each once."""
    found: dict[str, str] = {}
    if in_circle(state["messages"]):
        found[LOOP] = "You made the same call several times with the same result. Go another way, or answer now."
    for reason, used, limit, unit in _measures(state, context):
        if limit is None:
            continue
        if reason == "max_iterations":
            if limit > 2 and limit - used == 1:
                found[reason] = "This is your last step in this run: answer now with what you have."
        elif used >= limit:
            found[f"{reason} used up"] = f"You have no {unit} left: answer now with what you have."
        elif used >= NEAR * limit:
            found[reason] = f"About {limit - used:,.6g} {unit} are left: finish what matters most."
    return found


def _measures(state: State, context: Context) -> list[tuple[StopReason, float, float | None, str]]:
    """What is used of each limit."""
    usage = state["usage"]
    return [
        ("max_iterations", state["iterations"], context.max_iterations, "think-act cycles"),
        ("max_tool_calls", state["tool_calls"], context.max_tool_calls, "tool calls"),
        ("max_total_tokens", usage["total_tokens"], context.max_total_tokens, "tokens in this session"),
        ("max_cost", usage.get("cost") or 0.0, context.max_cost, "units of cost in this session"),
        ("timeout", elapsed(state["started_at"]), context.timeout_seconds, "seconds"),
    ]


def input_budget(state: State, context: Context) -> int | None:
    """Tokens that one request may have: by the setting, and by what the model has refused."""
    return min((n for n in (context.max_input_tokens, state.get("input_budget")) if n), default=None)


def elapsed(started_at: float) -> float:
    """Seconds since then."""
    return time.time() - started_at


def deadline(started_at: float, timeout_seconds: float | None) -> float | None:
    """The end of the run's time, in seconds since the epoch."""
    return started_at + timeout_seconds if timeout_seconds else None


def remaining(deadline: float | None, limit: float | None = None) -> float | None:
    """Seconds that an operation may take: its own limit or what is left of the run, whichever is less."""
    left = [seconds for seconds in (limit, deadline and max(0.0, deadline - time.time())) if seconds is not None]
    return min(left, default=None)


def in_circle(messages: Sequence[BaseMessage]) -> bool:
    """Whether the last steps are the same one three times, or two in turn twice (A-B-A-B), each with one result."""
    steps = _steps(messages)
    return _run_length(steps, 1) >= SAME_STEP or _run_length(steps, 2) >= SAME_PAIR


def _run_length(steps: list[str], width: int) -> int:
    """How often the last ``width`` steps are repeated back to back."""
    pattern, count = steps[-width:], 0
    if len(pattern) < width:
        return 0
    while steps[-width:] == pattern:
        steps, count = steps[:-width], count + 1
    return count


def _steps(messages: Sequence[BaseMessage], *, window: int = max(SAME_STEP, 2 * SAME_PAIR)) -> list[str]:
    """The last tool cycles as comparable text: what was called and what came back."""
    steps: list[str] = []
    results: list[str] = []
    for message in reversed(messages):
        if isinstance(message, ToolMessage):
            results.append(str(message.content))
        elif isinstance(message, AIMessage) and results:
            calls = [(c["name"], c["args"]) for c in (*message.tool_calls, *message.invalid_tool_calls)]
            steps.append(f"{calls}{sorted(results)}")
            results = []
        else:
            break
        if len(steps) == window:
            break
    return steps[::-1]
