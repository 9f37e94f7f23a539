"""After a crash: what became of a call that an earlier process had started."""

from __future__ import annotations

import asyncio
from typing import Literal

from aksara_agent.journal import FileChange
from aksara_agent.resources import Resources
from aksara_agent.results import Action, Change
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.workspace import Workspace

Outcome = Literal["settled", "again"]
UNKNOWN = (
    "The process died while {tool} was at work, and whether it took effect is not known. "
    "Find out before you do it again, or ask the user."
)


NOT_DONE = "The run was cut off before {tool} took effect: nothing was changed."


async def close(known: Action, resources: Resources) -> None:
    """Settle a call that nobody will run again, and record how it ended."""
    if await settle(known, resources) == "again":
        known.status, known.error = "failed", NOT_DONE.format(tool=known.tool)
    await resources.journal.finished(known)


async def settle(known: Action, resources: Resources) -> Outcome:
    """Decide what an earlier process's record means; ``known`` then tells the outcome, unless it is to run again.

    What is finished stays finished. A read is harmless to repeat. A tool that changes nothing but files
    through the workspace is judged by the files; of everything else the outcome is unknown.
    """
    if known.status != "started":
        return "settled"
    if known.effect == "read":
        return "again"
    tool = resources.tools.get(known.tool)
    if tool is not None and not tool.only_files:
        return await _as_the_tool_says(tool, known, resources)
    if tool is None:
        return _unknown(known)
    changes = await resources.journal.changes(known.run_id, known.call_id)
    workspace = Workspace(resources.project.root)
    states = [await asyncio.to_thread(_state, change, workspace) for change in changes]
    for change in changes:
        await asyncio.to_thread(workspace.sweep, change)
    if all(state == "before" for state in states):
        return "again"
    if all(state == "after" for state in states):
        known.status = "done"
        known.changes = [Change(kind=change.kind, path=change.path) for change in changes]
        known.output = {"changes": known.changes, "note": "Done before the process died; not repeated."}
        return "settled"
    return _unknown(known)


async def _as_the_tool_says(tool: Tool, known: Action, resources: Resources) -> Outcome:
    """Some tools can find out, such as those that keep a ledger in the database they change."""
    workspace = Workspace(resources.project.root)
    journal = resources.journal
    context = ToolContext(resources.project, workspace, journal, known.run_id, known.call_id, resources.context)
    verdict = await tool.settle(known, context)
    if verdict == "unknown":
        return _unknown(known)
    if verdict == "done":
        known.status = "done"
    return "settled" if verdict == "done" else "again"


def _state(change: FileChange, workspace: Workspace) -> Literal["before", "after", "neither"]:
    """How the file stands now, compared with what the change was to make of it."""
    now = workspace.digest(change.path)
    if now == change.after_hash:
        return "after"
    return "before" if now == change.before_hash else "neither"


def _unknown(known: Action) -> Outcome:
    known.status, known.error = "unknown", UNKNOWN.format(tool=known.tool)
    return "settled"
