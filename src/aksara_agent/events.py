"""The typed events of a run, in the order they happen: what streams, logs and screens show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypedDict

from aksara_agent.results import AgentResult, Change


@dataclass(slots=True, kw_only=True)
class Event:
    """What every event carries: the run, its think-act cycle, and the time (seconds since the epoch)."""

    run_id: str = ""
    iteration: int = 0
    time: float = field(default_factory=time.time)

    def to_dict(self) -> dict[str, Any]:
        """The event as JSON-able data, its type included."""
        return asdict(self)


@dataclass(slots=True, kw_only=True)
class Thinking(Event):
    """A piece of the model's text; concatenated they are what it said in this cycle."""

    type: Literal["thinking"] = "thinking"
    content: str


@dataclass(slots=True, kw_only=True)
class Progress(Event):
    """Where the run stands: what ``progress_callback`` gets. ``tokens`` are those of the session so far."""

    type: Literal["progress"] = "progress"
    status: str
    max_iterations: int | None = None
    elapsed_seconds: float = 0.0
    tokens: int = 0
    tool: str | None = None


@dataclass(slots=True, kw_only=True)
class ActionStarted(Event):
    """A tool is about to be used."""

    type: Literal["action"] = "action"
    tool: str
    input: dict[str, Any]
    call_id: str


@dataclass(slots=True, kw_only=True)
class ToolResult(Event):
    """What a tool returned, or why it did not."""

    type: Literal["result"] = "result"
    tool: str
    call_id: str
    status: str
    result: Any = None
    error: str | None = None
    duration_ms: float = 0.0
    changes: list[Change] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Retry(Event):
    """What failed is tried again after ``delay_seconds``: a request, by ``model``, or a call of ``tool``."""

    type: Literal["retry"] = "retry"
    error: str
    attempt: int
    delay_seconds: float
    tool: str | None = None
    model: str | None = None


@dataclass(slots=True, kw_only=True)
class ErrorHappened(Event):
    """Something failed and is not tried again; ``strategy`` says what became of it, where there was a choice."""

    type: Literal["error"] = "error"
    error: str
    kind: str
    tool: str | None = None
    strategy: str | None = None


@dataclass(slots=True, kw_only=True)
class Approval(Event):
    """The run waits for decisions on these calls; give them to ``answer`` before you ask for the next event."""

    type: Literal["approval"] = "approval"
    requests: list[dict[str, Any]]
    decisions: list[Any] | None = None

    def answer(self, decisions: Sequence[Any] | bool) -> None:
        """Decide: one decision for each request, in order, or one bool for all of them."""
        self.decisions = [decisions] * len(self.requests) if isinstance(decisions, bool) else list(decisions)


@dataclass(slots=True, kw_only=True)
class Complete(Event):
    """The end of the run, always the last event."""

    type: Literal["complete"] = "complete"
    output: str
    result: AgentResult


AnyEvent = Thinking | Progress | ActionStarted | ToolResult | Retry | ErrorHappened | Approval | Complete
_CLASSES: dict[str, Any] = {
    "thinking": Thinking,
    "progress": Progress,
    "action": ActionStarted,
    "result": ToolResult,
    "retry": Retry,
    "error": ErrorHappened,
    "approval": Approval,
    "complete": Complete,
}


class Stamp(TypedDict):
    """What a node knows of when and where an event happens."""

    run_id: str
    iteration: int


def from_dict(data: dict[str, Any]) -> AnyEvent:
    """The typed event for the dictionary that a node wrote to the stream."""
    event: AnyEvent = _CLASSES[data["type"]](**data)
    return event
