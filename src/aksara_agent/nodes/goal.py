"""Whether an autonomous run has reached its goal: by the user's check, where there is one."""

from __future__ import annotations

import asyncio
import inspect

from aksara_agent.resources import Resources

MAX_SHOWN = 2_000  # characters of a failed check's output that the model is shown


async def objection(resources: Resources) -> str | None:
    """Why the goal is not reached; None when the check passes, or when there is none."""
    check = resources.check
    if check is None:
        return None
    if isinstance(check, str):
        return await _by_command(check, resources)
    verdict = check()
    passed = await verdict if inspect.isawaitable(verdict) else verdict
    return None if passed else "The check of the goal did not pass."


async def _by_command(command: str, resources: Resources) -> str | None:
    """Run the user's own shell command in the project; exit status 0 means reached."""
    process = await asyncio.create_subprocess_shell(
        command,
        cwd=resources.project.root,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode == 0:
        return None
    shown = output.decode(errors="replace")[-MAX_SHOWN:]
    return f"The check `{command}` failed with exit status {process.returncode}:\n{shown}"
