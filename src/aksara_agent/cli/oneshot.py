"""One task from the command line, shown as it happens."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from aksara_agent.cli.screen import Screen
from aksara_agent.events import AnyEvent
from aksara_agent.results import AgentResult
from aksara_agent.runtime import AgentRuntime
from aksara_agent.sync import run_sync


def run_task(options: argparse.Namespace) -> AgentResult:
    """Run the task and print it. Raises what AgentRuntime raises for wrong options."""
    settings: dict[str, Any] = {
        "base_url": options.base_url,
        "max_iterations": options.max_iterations,
        "timeout_seconds": options.timeout,
        "allow_writes": False if options.read_only else None,
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
    return run_sync(_run(runtime, options, show))


async def _run(runtime: AgentRuntime, options: argparse.Namespace, show: Callable[[AnyEvent], None]) -> AgentResult:
    async with runtime:
        async for event in runtime.execute_stream(options.task, mode=options.mode):
            show(event)
            if event.type == "complete":
                return event.result
    raise AssertionError("a run always completes")


def _print_json(event: AnyEvent) -> None:
    print(json.dumps(event.to_dict(), ensure_ascii=False), file=sys.stdout, flush=True)
