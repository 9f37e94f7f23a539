"""What a person sees of a run: activity on stderr, the answer on stdout."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.text import Text

from aksara_agent.cli.visible import visible
from aksara_agent.events import ActionStarted, AnyEvent, Approval, Complete, ErrorHappened, Retry, ToolResult
from aksara_agent.resources import Resources
from aksara_agent.results import AgentResult

OFFLINE = (
    "No model configured: the offline model answers by rules, without a language model. "
    "Set one with --model or AKSARA_AGENT_MODEL."
)


class Screen:
    """Prints events. Text from files, rows and models is made harmless before it reaches the terminal."""

    def __init__(self, resources: Resources) -> None:
        self._activity = Console(stderr=True, highlight=False)
        self._answer = Console(highlight=False)
        if resources.model._llm_type == "aksara-agent-offline" and resources.context.model != "offline":
            self._line(OFFLINE, "yellow")

    def show(self, event: AnyEvent) -> None:
        """One event, at most a few lines."""
        match event:
            case ActionStarted():
                self._line(f"→ {event.tool} {_short(event.input)}", "cyan")
            case ToolResult(status="done"):
                self._line(f"  {_outcome(event)} ({event.duration_ms:.0f} ms)", "dim")
            case ToolResult():
                self._line(f"  {event.status}: {event.error}", "red")
            case Retry():
                self._line(f"  {event.error} Trying again in {event.delay_seconds:.1f} s.", "yellow")
            case ErrorHappened(tool=None):  # of a tool's the result has told
                self._line(f"  {event.error}", "yellow")
            case Approval():
                self._line(
                    f"? waits for approval: {', '.join(request['name'] for request in event.requests)}", "yellow"
                )
            case Complete():
                self._complete(event.result)

    def _complete(self, result: AgentResult) -> None:
        if result.output:
            text = visible(result.output, keep="\n\t")
            self._answer.print(Markdown(text) if sys.stdout.isatty() else Text(text), soft_wrap=not sys.stdout.isatty())
        exported = [result.output_file] if result.output_file else []
        changed = (("Created", result.created_files), ("Modified", result.modified_files), ("Exported", exported))
        for label, files in changed:
            for path in files:
                self._line(f"{label} {path}", "green")
        if result.error:
            self._line(f"{result.stop_reason}: {result.error}", "red")
        seconds, actions = result.duration_ms / 1000, len(result.actions)
        tokens, cost = f"{result.usage['total_tokens']:,} tokens", result.usage.get("cost")
        spent = tokens if cost is None else f"{tokens}, cost {cost:.4f}"
        self._line(f"{result.iterations} cycles, {actions} actions, {spent}, {seconds:.1f} s", "dim")

    def _line(self, text: str, style: str) -> None:
        self._activity.print(Text(visible(text), style=style), soft_wrap=True)


def _short(arguments: dict[str, Any], *, width: int = 100) -> str:
    text = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False, default=str)}" for name, value in arguments.items()
    )
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _outcome(event: ToolResult) -> str:
    """What a result holds, in a few words."""
    if event.changes:
        return ", ".join(f"{change['kind']} {change['path']}" for change in event.changes)
    if isinstance(event.result, dict):
        return ", ".join(
            _measure(key, value) for key, value in event.result.items() if value not in (None, [], {}, "")
        )[:100]
    return str(event.result).splitlines()[0][:100] if event.result else "done"


def _measure(key: str, value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} {key}"
    return f"{key}" if isinstance(value, dict) or len(str(value)) > 40 else f"{key}={value}"
