"""What a run hands back: the result, and each action behind it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

Effect = Literal["read", "write", "external"]
Severity = Literal["high", "medium", "low", "info"]
ActionStatus = Literal["started", "done", "failed", "denied", "rejected", "timeout", "unknown"]
StopReason = Literal[
    "completed", "max_iterations", "max_tool_calls", "max_input_tokens", "max_total_tokens", "max_cost", "timeout",
    "aborted", "rejected", "cancelled", "interrupted", "loop_detected", "model_error",
]  # fmt: skip


class Finding(TypedDict):
    """A problem and its fix. ``verified`` is true when a tool, not the model, established it."""

    severity: Severity
    issue: str
    fix: str
    file: NotRequired[str | None]
    line: NotRequired[int | None]
    rule: NotRequired[str]
    verified: NotRequired[bool]
    evidence: NotRequired[list[str]]


class Usage(TypedDict):
    """Tokens of the session so far, ``estimated`` when a provider sent no counts; ``cost`` where prices are given."""

    input_tokens: int
    output_tokens: int
    total_tokens: int
    estimated: bool
    cost: float | None


class Change(TypedDict):
    """A file that an action created, modified or exported; ``path`` is relative to the project."""

    kind: Literal["created", "modified", "exported"]
    path: str


@dataclass(slots=True)
class Action:
    """One tool call and what was really done about it. ``note`` says what ``status`` alone does not."""

    tool: str
    input: dict[str, Any]
    call_id: str
    run_id: str
    effect: Effect = "external"
    status: ActionStatus = "started"
    output: Any = None
    error: str | None = None
    duration_ms: float = 0.0
    approval: str | None = None
    attempts: int = 1
    note: str | None = None
    changes: list[Change] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The action as JSON-able data."""
        return asdict(self)


@dataclass(slots=True)
class AgentResult:
    """The outcome of a run. ``duration_ms`` counts wall time, in milliseconds."""

    success: bool
    output: str
    error: str | None
    stop_reason: StopReason
    run_id: str
    session_id: str
    iterations: int = 0
    actions: list[Action] = field(default_factory=list)
    duration_ms: float = 0.0
    usage: Usage = field(default_factory=lambda: no_usage())
    findings: list[Finding] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    created_files: list[str] = field(default_factory=list)
    modified_files: list[str] = field(default_factory=list)
    output_file: str | None = None
    approvals: list[dict[str, Any]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON-able data."""
        return asdict(self)


def no_usage() -> Usage:
    """A usage count of zero."""
    return {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0, "estimated": False, "cost": None}


def findings_of(actions: list[Action]) -> list[Finding]:
    """What was reported; without a report, what the analysing tools found."""
    done = [a for a in actions if a.status == "done" and isinstance(a.output, dict)]
    reports = [a.output for a in done if a.tool == "report"]
    analyses = [a.output for a in done if a.tool == "find_issues"]
    return [finding for output in (reports or analyses) for finding in output.get("findings", ())]


def suggestions_of(actions: list[Action]) -> list[str]:
    """The suggestions that were reported, in order, each once."""
    reported = (a.output.get("suggestions", ()) for a in actions if a.tool == "report" and a.status == "done")
    return list(dict.fromkeys(s for suggestions in reported for s in suggestions))


def files_of(actions: list[Action], kind: Literal["created", "modified", "exported"]) -> list[str]:
    """The files of one kind of change, in order, each once; one created in the run is not also modified."""
    paths = dict.fromkeys(c["path"] for a in actions for c in a.changes if c["kind"] == kind)
    created = {c["path"] for a in actions for c in a.changes if c["kind"] == "created"} if kind == "modified" else ()
    return [path for path in paths if path not in created]
