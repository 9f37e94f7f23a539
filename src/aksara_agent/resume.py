"""Going on with a session: after a crash, a limit, a failure, or with decisions that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langgraph.types import Command, StateSnapshot

from aksara_agent.approval import checked_decision, decisions_for
from aksara_agent.errors import SessionError
from aksara_agent.run import Run
from aksara_agent.state import Call
from aksara_agent.store.runs import RunRecord


async def next_step(run: Run, record: RunRecord, decisions: Sequence[Any] | None) -> Any:
    """What to feed the graph so that it goes on where it stopped.

    Raises SessionError when there is nothing to go on with, ConfigurationError for decisions that do not fit.
    """
    snapshot = await run.snapshot()
    if snapshot.interrupts:
        return None if decisions is None else _decided(snapshot, decisions)
    if decisions is not None:
        raise SessionError(f"No approval is waiting in session {record.session_id}; it may have been answered already.")
    if snapshot.values.get("run_id") != record.run_id and not snapshot.next:
        return Run.first_step(record.task, record.run_id)  # it died before its first step was recorded
    if snapshot.next or record.status == "running":
        return _went_on(snapshot)
    if record.status == "completed":
        raise SessionError(f"The last run of session {record.session_id} is complete; send a new message instead.")
    return _restart()


def _restart() -> Command[Any]:
    """Think again; iterations and tool calls count on."""
    fresh = {"model_attempts": 0, "stop_reason": None, "error": None}
    return Command(goto="reason", update=fresh)


def _went_on(snapshot: StateSnapshot) -> Any:
    """After a crash: the pending tasks, or another thought where the graph looks finished and is not."""
    if snapshot.next:
        return None
    return None if snapshot.values.get("stop_reason") else _restart()


def _decided(snapshot: StateSnapshot, decisions: Sequence[Any]) -> Command[Any]:
    """The decisions, checked against what was asked before the graph hears of them."""
    (interrupt,) = snapshot.interrupts
    requests = interrupt.value["action_requests"]
    calls: list[Call] = [{"id": r["id"], "name": r["name"], "args": r["args"]} for r in requests]
    checked = [checked_decision(decision) for decision in decisions]
    decisions_for(calls, {"decisions": checked})
    return Command(resume={interrupt.id: {"decisions": checked}})
