"""before_tool and after_tool, each with its rule for what it may say and for its own errors."""

from __future__ import annotations

from typing import Any

from aksara_agent.hooks import call as call_hook
from aksara_agent.resources import Resources
from aksara_agent.results import Action
from aksara_agent.state import Call
from aksara_agent.tools.output import json_able


class Refused(Exception):
    """The call is not carried out; the text says why. ``by_person``: somebody was asked and did not approve it."""

    def __init__(self, text: str, *, by_person: bool = False) -> None:
        super().__init__(text)
        self.by_person = by_person


async def ask_before_tool(call: Call, action: Action, resources: Resources) -> dict[str, Any]:
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


async def show_after_tool(action: Action, resources: Resources) -> None:
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
