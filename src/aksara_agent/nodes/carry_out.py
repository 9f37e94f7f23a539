"""Doing what a call asks: checked, journaled before and after, bounded in time."""

from __future__ import annotations

import asyncio
import time

from aksara_agent import limits
from aksara_agent.errors import OutcomeUnknown, SessionError, StoreError, ToolFailed, ToolRetry, did_you_mean
from aksara_agent.policy import judge
from aksara_agent.resources import Resources
from aksara_agent.results import Action
from aksara_agent.state import Call, Decision, Failure, ToolTask
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.output import json_able
from aksara_agent.workspace import Workspace


class Refused(Exception):
    """The call is not carried out; the text says why."""


async def carry_out(action: Action, call: Call, task: ToolTask, resources: Resources) -> Failure | None:
    """Journal, execute, journal. Returns a failure for the router when the tool broke."""
    started = time.perf_counter()
    try:
        _check(call, task.get("decision"), resources)
        await resources.journal.started(action)
        await _execute(action, call, task, resources)
    except (SessionError, StoreError):  # not the tool's: the run has lost its session or its journal
        raise
    except Refused as refusal:
        action.status = "rejected" if task.get("decision") else "denied"
        action.error = str(refusal)
    except OutcomeUnknown as error:
        action.status, action.error = "unknown", str(error)
    except ToolRetry as error:
        action.status, action.error = "failed", str(error)
    except TimeoutError:
        action.status, action.error = "timeout", f"{action.tool} did not finish in time."
    except Exception as error:  # whatever a tool raises must reach the model, not end the run
        text = str(error) if isinstance(error, ToolFailed) else f"{type(error).__name__}: {error}"
        action.status, action.error = "failed", text
        return {"kind": "tool", "message": text, "call": task["call"]}
    finally:
        action.duration_ms = (time.perf_counter() - started) * 1000
        if action.status != "started":  # else the process is being stopped, and the outcome is not known
            await resources.journal.finished(action)
    if action.status == "timeout":
        return {"kind": "tool", "message": str(action.error), "call": task["call"]}
    return None


async def _execute(action: Action, call: Call, task: ToolTask, resources: Resources) -> None:
    """Run the tool; each file that it changes is journaled first."""
    tool, journal = resources.tools[call["name"]], resources.journal
    workspace = Workspace(resources.project.root, lambda change: journal.changing(action, change), journal.guard)
    seconds = limits.remaining(
        resources.deadline(task["started_at"]), tool.timeout or resources.context.tool_timeout_seconds
    )
    try:
        async with asyncio.timeout(seconds):
            decision = task.get("decision")
            approved = decision.get("fingerprint") if decision else None
            context = ToolContext(
                resources.project, workspace, journal, action.run_id, action.call_id, resources.context, approved
            )
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
        rejected = "The user rejected this call. Do not repeat it; go another way or stop."
        raise Refused(decision.get("message") or rejected)
    if decision and decision["type"] == "respond":
        raise Refused(decision.get("message") or "The user answered without a message.")
