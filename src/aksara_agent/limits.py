"""When a run must end before its model says so: pure questions about its state."""

from __future__ import annotations

import time
from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from aksara_agent.context import Context
from aksara_agent.results import StopReason
from aksara_agent.state import State

Stop = tuple[StopReason, str]
REPEATS_BEFORE_WARNING = 3
REPEATS_BEFORE_STOP = 5


def reached(state: State, context: Context) -> Stop | None:
    """The limit at which the run stands, with a sentence for people; None while it may go on."""
    used: list[tuple[StopReason, float, float | None, str]] = [
        ("max_iterations", state["iterations"], context.max_iterations, "think-act cycles"),
        ("max_tool_calls", state["tool_calls"], context.max_tool_calls, "tool calls"),
        ("max_total_tokens", state["usage"]["total_tokens"], context.max_total_tokens, "tokens in this session"),
        ("timeout", time.time() - state["started_at"], context.timeout_seconds, "seconds"),
    ]
    for reason, count, limit, unit in used:
        if limit is not None and count >= limit:
            knob = "timeout_seconds" if reason == "timeout" else reason
            return (
                reason,
                f"Stopped after {limit:,.12g} {unit} ({knob}={limit:.12g}); what was done until then is in the result.",
            )
    if repeats(state["messages"]) >= REPEATS_BEFORE_STOP:
        return "loop_detected", f"The model repeated the same step with the same result {REPEATS_BEFORE_STOP} times."
    return None


def deadline(started_at: float, timeout_seconds: float | None) -> float | None:
    """The end of the run's time, in seconds since the epoch."""
    return started_at + timeout_seconds if timeout_seconds else None


def remaining(deadline: float | None, limit: float | None = None) -> float | None:
    """Seconds that an operation may take: its own limit or what is left of the run, whichever is less."""
    left = [seconds for seconds in (limit, deadline and max(0.0, deadline - time.time())) if seconds is not None]
    return min(left, default=None)


def notice(state: State, context: Context) -> str | None:
    """What the model should know before it thinks: that it repeats itself, or that its cycles run out."""
    if repeats(state["messages"]) >= REPEATS_BEFORE_WARNING:
        return "You made the same call several times with the same result. Go another way, or answer now."
    if context.max_iterations and context.max_iterations > 2 and context.max_iterations - state["iterations"] == 1:
        return "This is your last step in this run: answer now with what you have."
    return None


def repeats(messages: Sequence[BaseMessage]) -> int:
    """How many times the last step, or the last pair of steps (A-B-A-B), stands in a row at the end."""
    steps = _steps(messages)
    return max(_run_length(steps, 1), _run_length(steps, 2))


def _run_length(steps: list[str], width: int) -> int:
    """How often the last ``width`` steps are repeated back to back."""
    pattern, count = steps[-width:], 0
    if len(pattern) < width:
        return 0
    while steps[-width:] == pattern:
        steps, count = steps[:-width], count + 1
    return count


def _steps(messages: Sequence[BaseMessage], *, window: int = REPEATS_BEFORE_STOP * 2) -> list[str]:
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
