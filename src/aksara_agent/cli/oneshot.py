"""One task from the command line, shown as it happens."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

from aksara_agent.approver import Approver
from aksara_agent.cli.ask import person_if_there
from aksara_agent.cli.exit_codes import exit_code
from aksara_agent.cli.screen import Screen
from aksara_agent.events import AnyEvent
from aksara_agent.results import AgentResult
from aksara_agent.runtime import AgentRuntime
from aksara_agent.sync import run_sync


def run_task(options: argparse.Namespace) -> int:
    """Run the task, print it, and return the exit code. Raises what AgentRuntime raises for wrong options."""
    settings: dict[str, Any] = {
        "base_url": options.base_url,
        "max_iterations": options.max_iterations,
        "timeout_seconds": options.timeout,
        "allow_writes": False if options.read_only else None,
        "interactive": options.interactive or None,
    }
    runtime = AgentRuntime(
        options.project,
        model=options.model,
        tools=[name.strip() for name in options.tools.split(",") if name.strip()]
        if options.tools is not None
        else None,
        tools_folder=options.tools_folder,
        **{name: value for name, value in settings.items() if value is not None},
    )
    show = _print_json if options.json else Screen(runtime.resources).show
    return exit_code(run_sync(_run(runtime, options, show)))


async def _run(runtime: AgentRuntime, options: argparse.Namespace, show: Callable[[AnyEvent], None]) -> AgentResult:
    async with runtime:
        events = runtime.execute_stream(options.task, mode=options.mode, approval_callback=_approver(options))
        return await show_all(events, show)


async def show_all(events: AsyncIterator[AnyEvent], show: Callable[[AnyEvent], None]) -> AgentResult:
    """Show each event, and return the result that the last one carries."""
    async for event in events:
        show(event)
        last = event
    assert last.type == "complete"
    return last.result


def _approver(options: argparse.Namespace) -> Approver | None:
    """Who decides: everything is approved with --yes, a person at the terminal is asked, else nobody is there."""
    if options.yes:
        return lambda tool, params: True
    return None if options.json else person_if_there()


def _print_json(event: AnyEvent) -> None:
    print(json.dumps(event.to_dict(), ensure_ascii=False), file=sys.stdout, flush=True)
