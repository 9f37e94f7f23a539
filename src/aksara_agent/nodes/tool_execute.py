"""The acting node: carry out one tool call, record it, and tell the model how it ended."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from langchain_core.messages import ToolMessage
from langgraph.runtime import Runtime

from aksara_agent import limits
from aksara_agent.context import Context
from aksara_agent.errors import ToolFailed, ToolRetry, did_you_mean
from aksara_agent.events import ActionStarted, Stamp, ToolResult
from aksara_agent.policy import judge
from aksara_agent.resources import Resources, resources_for
from aksara_agent.results import Action
from aksara_agent.state import Call, Decision, Failure, ToolTask
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.output import for_model, json_able
from aksara_agent.workspace import Workspace


class Refused(Exception):
    """The call is not carried out; the text says why."""


async def tool_execute(task: ToolTask, runtime: Runtime[Context]) -> dict[str, Any]:
    """Run one tool call. What it returns or raises becomes the model's tool message; a fault goes to the router."""
    resources = await resources_for(runtime)
    action, call = _action(task, resources), _as_decided(task["call"], task.get("decision"))
    runtime.stream_writer(_announcement(action, task).to_dict())
    failure = await _carry_out(action, call, task, resources)
    runtime.stream_writer(_outcome(action, task).to_dict())
    return {"failures": [failure]} if failure else {"messages": [_message(action)]}


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


async def _carry_out(action: Action, call: Call, task: ToolTask, resources: Resources) -> Failure | None:
    """Journal, execute, journal. Returns a failure for the router when the tool broke."""
    started = time.perf_counter()
    try:
        _check(call, task.get("decision"), resources)
        await resources.journal.started(action)
        await _execute(action, call, task, resources)
        return None
    except Refused as refusal:
        action.status = "rejected" if task.get("decision") else "denied"
        action.error = str(refusal)
    except ToolRetry as error:
        action.status, action.error = "failed", str(error)
    except TimeoutError:
        action.status, action.error = "timeout", f"{action.tool} did not finish in time."
        return {"kind": "tool", "message": action.error, "call": task["call"]}
    except Exception as error:  # whatever a tool raises must reach the model, not end the run
        text = str(error) if isinstance(error, ToolFailed) else f"{type(error).__name__}: {error}"
        action.status, action.error = "failed", text
        return {"kind": "tool", "message": text, "call": task["call"]}
    finally:
        action.duration_ms = (time.perf_counter() - started) * 1000
        await resources.journal.finished(action)
    return None


async def _execute(action: Action, call: Call, task: ToolTask, resources: Resources) -> None:
    tool = resources.tools[call["name"]]
    workspace = Workspace(resources.project.root)
    seconds = limits.remaining(task["deadline"], tool.timeout or resources.context.tool_timeout_seconds)
    try:
        async with asyncio.timeout(seconds):
            context = ToolContext(resources.project, workspace, resources.journal, action.run_id, action.call_id)
            action.output = json_able(await tool.run(call["args"], context))
        action.status = "done"
    finally:
        action.changes = workspace.changes  # also what a tool changed before it failed


def _check(call: Call, decision: Decision | None, resources: Resources) -> None:
    """Refuse what cannot or must not run, whatever the model was shown."""
    if problem := call.get("problem"):
        raise ToolRetry(problem)
    if call["name"] not in resources.tools:
        raise ToolRetry(f"There is no tool {call['name']!r}. {did_you_mean(call['name'], resources.tools)}")
    tool = resources.tools[call["name"]]
    if judge(tool.name, tool.effect, resources.context) == "deny":
        raise Refused(f"{tool.name} is not allowed in this run.")
    if decision and decision["type"] == "reject":
        raise Refused(
            decision.get("message") or "The user rejected this call. Do not repeat it; go another way or stop."
        )
    if decision and decision["type"] == "respond":
        raise Refused(decision.get("message") or "The user answered without a message.")


def _action(task: ToolTask, resources: Resources) -> Action:
    """The record of what is about to be done about a call."""
    call = _as_decided(task["call"], decision := task.get("decision"))
    tool = resources.tools.get(call["name"])
    return Action(
        tool=call["name"],
        input=call["args"],
        call_id=call["id"],
        run_id=task["run_id"],
        effect=tool.effect if tool else "read",
        approval=decision["type"] if decision else None,
    )


def _as_decided(call: Call, decision: Decision | None) -> Call:
    """The call as the person who was asked wants it."""
    if not decision or decision["type"] != "edit":
        return call
    edited = decision["edited_action"]
    return {"id": call["id"], "name": edited.get("name", call["name"]), "args": dict(edited["args"])}


def _message(action: Action) -> ToolMessage:
    """What the model reads about an action."""
    done = action.status == "done"
    text = for_model(action.output) if done else (action.error or action.status)
    if done and action.approval == "edit":
        text = f"The user changed this call to {action.tool}({action.input}). Result:\n{text}"
    return ToolMessage(text, tool_call_id=action.call_id, name=action.tool, status="success" if done else "error")
