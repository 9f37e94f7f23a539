"""The acting node: carry out one tool call, once, and tell the model how it ended."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import ToolMessage
from langgraph.runtime import Runtime

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.events import ActionStarted, Progress, Stamp, ToolResult
from aksara_agent.nodes.carry_out import carry_out
from aksara_agent.nodes.settlement import settle
from aksara_agent.resources import Resources, resources_for
from aksara_agent.results import Action
from aksara_agent.signature import signature
from aksara_agent.state import Call, Decision, ToolTask
from aksara_agent.tools.output import for_model


async def tool_execute(task: ToolTask, runtime: Runtime[Context]) -> dict[str, Any]:
    """Run one tool call. What it returns or raises becomes the model's tool message; a fault goes to the router."""
    resources = await resources_for(runtime)
    call = _as_decided(task["call"], task.get("decision"))
    action, failure = _action(call, task, resources), None
    runtime.stream_writer(_progress(action, task, resources).to_dict())
    runtime.stream_writer(_announcement(action, task).to_dict())

    known = await resources.journal.find(action.run_id, action.call_id)
    if known is not None and known.attempts >= action.attempts and await settle(known, resources) == "settled":
        action = known
        await resources.journal.finished(action)
    else:
        with resources.trace.tool(action.tool, action.call_id, effect=action.effect) as step:
            failure = await carry_out(action, call, task, resources)
            step.ended(action.status)

    runtime.stream_writer(_outcome(action, task).to_dict())
    told = {"failures": [failure]} if failure else {"messages": [message_of(action)]}
    return {**told, **remembered(action, task["call"])}


def remembered(action: Action, asked: Call | None = None) -> dict[str, Any]:
    """What later decisions must know: calls that were rejected, and calls whose outcome is unknown.

    A call that a person or a hook has changed is known by what was done and by what the model had ``asked``.
    """
    marks = [signature(action.tool, action.input), *([signature(asked["name"], asked["args"])] if asked else [])]
    marks = list(dict.fromkeys(marks))
    if action.status == "unknown":
        return {"unknown": marks}
    return {"rejected": marks[-1:]} if action.status == "rejected" else {}


def _progress(action: Action, task: ToolTask, resources: Resources) -> Progress:
    return Progress(
        status=f"using {action.tool}",
        max_iterations=resources.context.max_iterations,
        elapsed_seconds=limits.elapsed(task["started_at"]),
        tokens=task.get("tokens", 0),
        tool=action.tool,
        run_id=action.run_id,
        iteration=task["iteration"],
    )


def _announcement(action: Action, task: ToolTask) -> ActionStarted:
    stamp: Stamp = {"run_id": action.run_id, "iteration": task["iteration"]}
    return ActionStarted(tool=action.tool, input=action.input, call_id=action.call_id, **stamp)


def _outcome(action: Action, task: ToolTask) -> ToolResult:
    stamp: Stamp = {"run_id": action.run_id, "iteration": task["iteration"]}
    return ToolResult(
        tool=action.tool,
        call_id=action.call_id,
        status=action.status,
        result=action.output,
        error=action.error,
        duration_ms=action.duration_ms,
        changes=list(action.changes),
        **stamp,
    )


def _action(call: Call, task: ToolTask, resources: Resources) -> Action:
    """The record of what is about to be done about a call."""
    tool, decision = resources.tools.get(call["name"]), task.get("decision")
    return Action(
        tool=call["name"],
        input=call["args"],
        call_id=call["id"],
        run_id=task["run_id"],
        effect=tool.effect if tool else "read",
        approval=decision["type"] if decision else None,
        attempts=task.get("attempt", 1),
    )


def _as_decided(call: Call, decision: Decision | None) -> Call:
    """The call as the person who was asked wants it."""
    if not decision or decision["type"] != "edit":
        return call
    edited = decision["edited_action"]
    return {"id": call["id"], "name": edited.get("name", call["name"]), "args": dict(edited["args"])}


def message_of(action: Action) -> ToolMessage:
    """What the model reads about an action."""
    done = action.status == "done"
    text = for_model(action.output, action.call_id) if done else (action.error or action.status)
    if done and action.approval == "edit":
        text = f"The user changed this call to {action.tool}({action.input}). Result:\n{text}"
    return ToolMessage(text, tool_call_id=action.call_id, name=action.tool, status="success" if done else "error")
