"""Going on with a session: after a crash, a limit, a failure, or with decisions that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import BaseMessage, ToolMessage
from langgraph.types import Command, Overwrite, StateSnapshot

from aksara_agent.errors import SessionError
from aksara_agent.nodes.settlement import close
from aksara_agent.nodes.tool_execute import message_of, remembered
from aksara_agent.outcome import decided, run_of
from aksara_agent.run import Run
from aksara_agent.store.runs import RunRecord


async def next_step(run: Run, record: RunRecord, decisions: Sequence[Any] | None) -> Any:
    """What to feed the graph so that it goes on where it stopped.

    Raises SessionError when there is nothing to go on with, ConfigurationError for decisions that do not fit.
    """
    snapshot = await run.snapshot()
    if snapshot.interrupts:
        return None if decisions is None else Command(resume=decided(snapshot, decisions))
    if decisions is not None:
        raise SessionError(f"No approval is waiting in session {record.session_id}; it may have been answered already.")
    if run_of(snapshot) != record.run_id:
        return Run.first_step(record.task, record.run_id)  # it died before its first step was recorded
    if snapshot.tasks:
        return None  # not ``snapshot.next``, which leaves out tasks that are done and not yet followed up
    if snapshot.values.get("stop_reason") != "completed":
        return await _restart(run)
    if record.status == "completed":
        raise SessionError(f"The last run of session {record.session_id} is complete; send a new message instead.")
    return None  # it died before its own status was recorded


async def close_off(run: Run) -> None:
    """Before a new message: settle what a run that was cut off left open, and tell the model how each call ended.

    LangGraph drops the pending tasks when it gets a new input, and nobody would hear of what they did. The
    conversation is stored whole, because otherwise it is replayed with what the dropped tasks had said.
    """
    snapshot = await run.snapshot()
    cut_off = replace(run, run_id=run_of(snapshot) or run.run_id)
    if not snapshot.tasks or snapshot.interrupts or cut_off.run_id == run.run_id:
        return
    messages = [*snapshot.values.get("messages", []), *await _unread(cut_off, snapshot)]
    answered, unknown = {m.tool_call_id for m in messages if isinstance(m, ToolMessage)}, []
    for action in await run.resources.journal.actions(cut_off.run_id):
        if action.call_id not in answered:
            await close(action, run.resources)
            messages.append(message_of(action))
            unknown += remembered(action).get("unknown", [])
    update = {"messages": Overwrite(messages), "unknown": unknown, "failures": None}
    await run.graph.aupdate_state(cut_off.config, update, as_node="tool_execute")
    await run.store.database.run(lambda: run.store.runs.finish(run.claim, cut_off.run_id, "cancelled"))


async def _unread(cut_off: Run, snapshot: StateSnapshot) -> list[BaseMessage]:
    """The message that began the run, where it died before the conversation had it."""
    if any(message.id == cut_off.run_id for message in snapshot.values.get("messages", [])):
        return []
    record = await cut_off.store.database.run(lambda: cut_off.store.runs.get(cut_off.run_id))
    return list(Run.first_step(record.task, cut_off.run_id)["messages"])


async def _restart(run: Run) -> None:
    """Think again; iterations and tool calls count on.

    A checkpoint of its own: LangGraph refuses a command that a crash made it store twice.
    """
    fresh = {"model_attempts": 0, "fallback": 0, "stop_reason": None, "error": None}
    await run.graph.aupdate_state(run.config, fresh, as_node="tool_execute")
