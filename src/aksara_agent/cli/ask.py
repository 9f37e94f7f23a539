"""The person at the terminal decides on a call."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from aksara_agent.approver import Approver
from aksara_agent.cli.visible import visible

Answer = dict[str, Any] | str
HELP_AFTER_ERROR = "y: try it again, n: go on without it, a: abort the run"
HELP = "y: do it, n: do not, a: do it and do not ask again for this tool in this session; or say what to do instead"


def person_if_there() -> Approver | None:
    """Who decides at a terminal; None where nobody sits."""
    return ask_person if sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty() else None


def ask_person(tool: str, params: dict[str, Any], request: dict[str, Any]) -> Answer:
    """Show the call with its preview, or what went wrong with it, and wait for an answer. No answer is no consent."""
    console = Console(stderr=True, highlight=False)
    console.print(Text(f"? {tool}", style="bold yellow"))
    if "error" in request:
        console.print(Text(visible(request["error"]), style="red"))
        return _answer(console, "Try again? [y/n/a/?] ", HELP_AFTER_ERROR, _after_error)
    if request.get("preview"):
        console.print(Syntax(visible(request["preview"], keep="\n\t"), "diff", background_color="default"))
    else:
        console.print(Text(visible(str(params))))
    return _answer(console, "Allow? [y/n/a/?] ", HELP, _decision)


def _answer(console: Console, question: str, help_text: str, meaning: Callable[[str], Answer | None]) -> Answer:
    """Ask until there is an answer."""
    while True:
        try:
            answer = console.input(Text(question, style="yellow")).strip()
        except EOFError:
            return {"type": "reject"}
        if decision := meaning(answer):
            return decision
        console.print(Text(help_text, style="dim"))


def _after_error(answer: str) -> str | None:
    """What an answer means after a failure; None for anything else."""
    return {"y": "retry", "yes": "retry", "n": "skip", "no": "skip", "a": "abort", "abort": "abort"}.get(answer.lower())


def _decision(answer: str) -> dict[str, Any] | None:
    """What an answer means; None for a question mark or nothing."""
    match answer.lower():
        case "y" | "yes":
            return {"type": "approve"}
        case "a" | "always":
            return {"type": "approve", "always": True}
        case "n" | "no":
            return {"type": "reject"}
        case "" | "?":
            return None
    return {"type": "reject", "message": f"The user says instead: {answer}"}
