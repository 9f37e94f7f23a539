"""How a tool call stands that failed or ran out of time, and what the router must know of it."""

from __future__ import annotations

from aksara_agent.errors import ToolError, ToolFailed
from aksara_agent.models.failures import kind_of, retry_after
from aksara_agent.resources import Resources
from aksara_agent.results import Action, ActionStatus
from aksara_agent.state import Failure, ToolTask
from aksara_agent.tools.base import Tool
from aksara_agent.tools.bounded import Overdue


def overdue(tool: Tool, error: Overdue) -> tuple[ActionStatus, str]:
    """How a call stands whose time is over."""
    if tool.harmless:
        return "timeout", f"{tool.name} did not finish in time and was given up; it changed nothing more."
    how = "was stopped" if error.stopped and tool.stoppable else "could not be stopped and may still be at work"
    return "unknown", (
        f"{tool.name} did not finish in time and {how}. Whether it took effect is not known: find out before you do "
        "it again, or ask the user."
    )


def failed(error: Exception, action: Action, task: ToolTask, resources: Resources) -> Failure:
    """The failure of a tool that raised; the live exception waits for the error handler."""
    resources.raised[action.call_id] = error
    kind = "tool" if isinstance(error, ToolError) else kind_of(error)
    failure = failure_of_call(kind, str(action.error), action, task, resources)
    return {**failure, "retry_after": retry_after(error), "harmless": failure["harmless"] and kind != "tool"}


def failure_of_call(kind: str, message: str, action: Action, task: ToolTask, resources: Resources) -> Failure:
    """A failed call; harmless to repeat when it only reads, or has changed none of the files that it could."""
    tool = resources.tools[action.tool]
    harmless = tool.effect == "read" or (tool.only_files and not action.changes)
    return {"kind": kind, "message": message, "id": action.call_id, "task": task, "harmless": harmless}


def words_of(error: Exception) -> str:
    """What the model is told of an exception."""
    return str(error) if isinstance(error, ToolFailed) else f"{type(error).__name__}: {error}"
