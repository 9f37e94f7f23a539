"""Whether an autonomous run has reached its goal: by the user's check, where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aksara_agent.hooks import call
from aksara_agent.processes import run_process
from aksara_agent.resources import Resources

MAX_SHOWN = 2_000  # characters of a failed check's output that the model is shown


async def objection(resources: Resources, seconds: float | None) -> str | None:
    """Why the goal is not reached; None when the check passes, or when there is none. It may take so long."""
    check = resources.check
    if check is None:
        return None
    try:
        async with asyncio.timeout(seconds):
            return await _by_command(check, resources) if isinstance(check, str) else await _by_function(check)
    except TimeoutError:
        return "The check of the goal did not end within the time of the run."


async def _by_command(command: str, resources: Resources) -> str | None:
    """Run the user's own shell command in the project; exit status 0 means reached."""
    done = await run_process(command, cwd=resources.project.root, max_output=2 * MAX_SHOWN)
    if done.exit_status == 0:
        return None
    return f"The check `{command}` failed with exit status {done.exit_status}:\n{done.output[-MAX_SHOWN:]}"


async def _by_function(check: Callable[[], Any]) -> str | None:
    """A check may also be an assertion that fails."""
    try:
        passed = await call(check)
    except Exception as error:
        return f"The check of the goal did not pass: {type(error).__name__}: {error}"
    return None if passed else "The check of the goal did not pass."
