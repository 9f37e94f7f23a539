"""Doing what a call asks: checked, journaled before and after, between the hooks, bounded in time."""

from __future__ import annotations

import time
from typing import Any

from aksara_agent import limits
from aksara_agent.errors import OutcomeUnknown, SessionError, StoreError, ToolRetry, did_you_mean
from aksara_agent.nodes.tool_failures import failed, failure_of_call, overdue, words_of
from aksara_agent.nodes.tool_hooks import Refused, ask_before_tool, show_after_tool
from aksara_agent.policy import judge
from aksara_agent.resources import Resources
from aksara_agent.results import Action
from aksara_agent.state import Call, Decision, Failure, ToolTask
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.bounded import Overdue, within
from aksara_agent.tools.output import json_able
from aksara_agent.workspace import Workspace


async def carry_out(action: Action, call: Call, task: ToolTask, resources: Resources) -> Failure | None:
    """Journal, execute, journal. Returns a failure for the router when the tool broke."""
    started, failure = time.perf_counter(), None
    try:
        _check(call, task.get("decision"), resources)
        action.input = await ask_before_tool(call, action, resources)
        await resources.journal.started(action)
        await _execute(action, task, resources)
    except (SessionError, StoreError):  # not the tool's: the run has lost its session or its journal
        raise
    except Refused as refusal:
        action.status, action.error = "rejected" if refusal.by_person else "denied", str(refusal)
    except OutcomeUnknown as error:
        action.status, action.error = "unknown", resources.redactor.hide(str(error))
    except ToolRetry as error:
        action.status, action.error = "failed", resources.redactor.hide(str(error))
    except Overdue as error:
        action.status, action.error = overdue(resources.tools[action.tool], error)
        failure = failure_of_call("tool_timeout", action.error, action, task, resources)
    except Exception as error:  # whatever a tool raises must reach the model, not end the run
        action.status, action.error = "failed", resources.redactor.hide(words_of(error))
        failure = failed(error, action, task, resources)
    finally:
        action.duration_ms = (time.perf_counter() - started) * 1000
        if action.status != "started":  # else the process is being stopped, and the outcome is not known
            await resources.journal.finished(action)
    await show_after_tool(action, resources)
    return failure


async def _execute(action: Action, task: ToolTask, resources: Resources) -> None:
    """Run the tool; each file that it changes is journaled first. After its time, nothing of it lands any more."""
    tool, journal = resources.tools[action.tool], resources.journal
    workspace = Workspace(resources.project.root, lambda change: journal.changing(action, change), journal.guard)
    decision = task.get("decision")
    approved = decision.get("fingerprint") if decision else None
    context = ToolContext(
        resources.project, workspace, journal, action.run_id, action.call_id, resources.context, approved
    )
    own, deadline = tool.timeout or resources.context.tool_timeout_seconds, resources.deadline(task["started_at"])
    started = time.monotonic()
    try:
        # What can neither be stopped nor left alone is waited for: its true outcome is worth more than punctuality.
        seconds = limits.remaining(deadline, own if tool.stoppable else None)
        output = await within(seconds, tool.run(_revealed(action.input, tool, resources), context))
        action.output = resources.redactor.hide_data(json_able(output))
        action.status = "done"
    finally:
        context.given_up.set()
        workspace.close()
        action.changes = workspace.changes  # also what a tool changed before it failed
    if own is not None and (took := time.monotonic() - started) > own:
        action.note = f"It took {took:.1f} s, more than its {own:g} s: a plain function with an effect is waited for."


def _revealed(arguments: dict[str, Any], tool: Tool, resources: Resources) -> dict[str, Any]:
    """The arguments with the secrets that the model was not shown, where they go back into the project itself."""
    if tool.effect != "write":
        return arguments
    if unknown := resources.redactor.unknown_placeholders(arguments):
        raise ToolRetry(f"{unknown[0]} stands for a secret that is not known any more: read the file or row again.")
    revealed: dict[str, Any] = resources.redactor.reveal_data(arguments)
    return revealed


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
        raise Refused(decision.get("message") or rejected, by_person=True)
    if decision and decision["type"] == "respond":
        raise Refused(decision.get("message") or "The user answered without a message.", by_person=True)
