"""The person at the terminal decides on a call."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from aksara_agent.cli.visible import visible

HELP = "y: do it, n: do not, a: do it and do not ask again for this tool in this session; or say what to do instead"


def ask_person(tool: str, params: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Show the call with its preview and wait for an answer. No answer is no consent."""
    console = Console(stderr=True, highlight=False)
    console.print(Text(f"? {tool}", style="bold yellow"))
    if request.get("preview"):
        console.print(Syntax(visible(request["preview"], keep="\n\t"), "diff", background_color="default"))
    else:
        console.print(Text(visible(str(params))))
    while True:
        try:
            answer = console.input(Text("Allow? [y/n/a/?] ", style="yellow")).strip()
        except EOFError:
            return {"type": "reject"}
        if decision := _decision(answer):
            return decision
        console.print(Text(HELP, style="dim"))


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
