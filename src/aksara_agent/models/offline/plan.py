"""What a plan is: a generator that yields tool calls, is sent their results, and returns the answer.

A plan keeps nothing between questions. It is run again from its start over the results that the
conversation holds, so it works with any checkpointer and after any restart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from aksara_agent.transcript import is_task


@dataclass(frozen=True, slots=True)
class Ask:
    """A tool call that a plan wants."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it: ``value`` is the tool's data, ``error`` its words when it failed."""

    tool: str
    value: Any
    error: str | None


Plan = Generator[list[Ask], list[Seen], str]


@dataclass(frozen=True, slots=True)
class Situation:
    """The words of the task and the names of the tools at hand."""

    task: str
    tools: frozenset[str]


Planner = Callable[[Situation], Plan]


def next_move(plan: Plan, seen: Sequence[list[Seen]]) -> list[Ask] | str:
    """The plan's next calls, or its answer, after the results so far."""
    try:
        move = next(plan)
        for results in seen:
            move = plan.send(results)
        return move
    except StopIteration as finished:
        return str(finished.value)


def current_task(messages: Sequence[BaseMessage]) -> tuple[str, list[list[Seen]]]:
    """The words of the latest task and the results of each step taken for it."""
    start = max((i for i, message in enumerate(messages) if is_task(message)), default=0)
    steps: list[list[Seen]] = []
    for message in messages[start + 1 :]:
        if isinstance(message, AIMessage) and message.tool_calls:
            answers = {m.tool_call_id: m for m in messages[start:] if isinstance(m, ToolMessage)}
            steps.append([_seen(answers[call["id"] or ""]) for call in message.tool_calls if call["id"] in answers])
    return str(messages[start].text) if messages else "", steps


def _seen(message: ToolMessage) -> Seen:
    text = str(message.text)
    if message.status == "error":
        return Seen(message.name or "", None, text)
    try:
        return Seen(message.name or "", json.loads(text), None)
    except ValueError:
        return Seen(message.name or "", text, None)
