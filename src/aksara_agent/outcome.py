"""What a pause or an end of a graph means: the questions that wait, the answers to them, the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from langgraph.types import StateSnapshot

from aksara_agent.approval import checked_decisions, decisions_for
from aksara_agent.results import Action, AgentResult, StopReason, files_of, findings_of, no_usage, suggestions_of
from aksara_agent.state import Call, State
from aksara_agent.transcript import last_text

RUN = "aksara_run"  # the key of the run's id in LangGraph's config and checkpoints


def result_from(snapshot: StateSnapshot, actions: list[Action], run_id: str, session_id: str) -> AgentResult:
    """The result of a run: its state, and what the journal says was done."""
    state, waiting = cast(State, snapshot.values), requests_of(snapshot)
    reason: StopReason = "interrupted" if waiting else state.get("stop_reason") or "aborted"
    exported = files_of(actions, "exported")
    return AgentResult(
        success=reason == "completed",
        output=last_text(state.get("messages", [])),
        error=_waiting_text(waiting) if waiting else state.get("error"),
        stop_reason=reason,
        run_id=run_id,
        session_id=session_id,
        iterations=state.get("iterations", 0),
        actions=actions,
        usage=state.get("usage") or no_usage(),
        findings=findings_of(actions),
        suggestions=suggestions_of(actions),
        created_files=files_of(actions, "created"),
        modified_files=files_of(actions, "modified"),
        output_file=exported[-1] if exported else None,
        approvals=waiting,
    )


def decided(snapshot: StateSnapshot, decisions: Sequence[Any]) -> dict[str, Any]:
    """The decisions as the graph takes them. Raises ConfigurationError unless they are what was asked for."""
    (interrupt,) = snapshot.interrupts
    checked, asked = checked_decisions(interrupt.value, decisions), interrupt.value["action_requests"]
    calls: list[Call] = [{"id": request["id"], "name": request["name"], "args": request["args"]} for request in asked]
    decisions_for(calls, {"decisions": checked})
    return {interrupt.id: {"decisions": checked}}


def run_of(snapshot: StateSnapshot) -> str | None:
    """The run that wrote this checkpoint. Not ``values["run_id"]``, which follows only with the first thought."""
    written_by: str | None = (snapshot.metadata or {}).get(RUN)  # type: ignore[assignment]
    return written_by or snapshot.values.get("run_id")


def requests_of(snapshot: StateSnapshot) -> list[dict[str, Any]]:
    """The calls that wait for a decision."""
    return [request for interrupt in snapshot.interrupts for request in interrupt.value["action_requests"]]


def _waiting_text(requests: list[dict[str, Any]]) -> str:
    return (
        f"Waiting for approval of {names_of(requests)}. Give an approval_callback, "
        "or decide with runtime.resume(session_id, decisions=…)."
    )


def names_of(requests: list[dict[str, Any]]) -> str:
    """The tools that they are about."""
    return ", ".join(request["name"] for request in requests)
