"""Doing what a call asks: checked, journaled before and after, between the hooks, bounded in time."""

from __future__ import annotations

import time
from typing import Any

from aksara_agent import limits
from aksara_agent.errors import (
    OutcomeUnknown,
    SessionError,
    StoreError,
    ToolError,
    ToolFailed,
    ToolRetry,
    did_you_mean,
)
from aksara_agent.hooks import call as call_hook
from aksara_agent.models.failures import kind_of, retry_after
from aksara_agent.policy import judge
from aksara_agent.resources import Resources
from aksara_agent.results import Action
from aksara_agent.state import Call, Decision, Failure, ToolTask
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.bounded import Overdue, within
from aksara_agent.tools.output import json_able
from aksara_agent.workspace import Workspace


class Refused(Exception):
    """The call is not carried out; the text says why."""


async def carry_out(action: Action, call: Call, task: ToolTask, resources: Resources) -> Failure | None:
    """Journal, execute, journal. Returns a failure for the router when the tool broke."""
    started, failure = time.perf_counter(), None
    try:
        _check(call, task.get("decision"), resources)
        action.input = await _before(call, action, resources)
        await resources.journal.started(action)
        await _execute(action, task, resources)
    except (SessionError, StoreError):  # not the tool's: the run has lost its session or its journal
        raise
    except Refused as refusal:
        action.status = "rejected" if task.get("decision") else "denied"
        action.error = str(refusal)
    except OutcomeUnknown as error:
        action.status, action.error = "unknown", resources.redactor.hide(str(error))
    except ToolRetry as error:
        action.status, action.error = "failed", resources.redactor.hide(str(error))
    except Overdue as overdue:
        action.status, action.error = _overdue(resources.tools[action.tool], overdue)
        failure = _failure("tool_timeout", action.error, action, task, resources)
    except Exception as error:  # whatever a tool raises must reach the model, not end the run
        action.status, action.error = "failed", resources.redactor.hide(_text(error))
        failure = _failed(error, action, task, resources)
    finally:
        action.duration_ms = (time.perf_counter() - started) * 1000
        if action.status != "started":  # else the process is being stopped, and the outcome is not known
            await resources.journal.finished(action)
    await _after(action, resources)
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


def _overdue(tool: Tool, overdue: Overdue) -> tuple[Any, str]:
    """How a call stands whose time is over."""
    if tool.harmless:
        return "timeout", f"{tool.name} did not finish in time and was given up; it changed nothing more."
    how = "was stopped" if overdue.stopped and tool.stoppable else "could not be stopped and may still be at work"
    return "unknown", (
        f"{tool.name} did not finish in time and {how}. Whether it took effect is not known: find out before you do "
        "it again, or ask the user."
    )


def _failed(error: Exception, action: Action, task: ToolTask, resources: Resources) -> Failure:
    """The failure of a tool that raised; the live exception waits for the error handler."""
    resources.raised[action.call_id] = error
    kind = "tool" if isinstance(error, ToolError) else kind_of(error)
    failure = _failure(kind, str(action.error), action, task, resources)
    return {**failure, "retry_after": retry_after(error), "harmless": failure["harmless"] and kind != "tool"}


def _failure(kind: str, message: str, action: Action, task: ToolTask, resources: Resources) -> Failure:
    """A failed call; harmless to repeat when it only reads, or has changed none of the files that it could."""
    tool = resources.tools[action.tool]
    harmless = tool.effect == "read" or (tool.only_files and not action.changes)
    return {"kind": kind, "message": message, "id": action.call_id, "task": task, "harmless": harmless}


def _text(error: Exception) -> str:
    return str(error) if isinstance(error, ToolFailed) else f"{type(error).__name__}: {error}"


async def _before(call: Call, action: Action, resources: Resources) -> dict[str, Any]:
    """The arguments as before_tool wants them. Raises Refused when it blocks the call, or breaks."""
    hook, arguments = resources.hooks.before_tool, call["args"]
    if hook is None:
        return arguments
    try:
        answer = await call_hook(hook, action.tool, dict(arguments))
    except Exception as error:
        raise Refused(f"Blocked: before_tool raised {type(error).__name__}: {error}") from error
    if answer is None or answer is True:
        return arguments
    if not isinstance(answer, dict):
        said = "" if answer is False else f" It returned {answer!r:.100}: use True, False, or a dict of params."
        raise Refused(f"Blocked by before_tool.{said}")
    if answer != arguments:
        action.note = "before_tool changed the arguments."
    return answer


async def _after(action: Action, resources: Resources) -> None:
    """Let after_tool see a result, and replace it. The effect has happened, so its own errors change nothing."""
    hook = resources.hooks.after_tool
    if hook is None or action.status != "done":
        return
    try:
        answer = await call_hook(hook, action.tool, action.output)
    except Exception as error:
        action.note = f"after_tool raised {type(error).__name__}: {error}. The result stands as it is."
    else:
        if answer is None:
            return
        action.output = resources.redactor.hide_data(json_able(answer))
    await resources.journal.finished(action)


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
