"""run_command: a program or a shell line in the project's folder, and what it printed."""

from __future__ import annotations

import asyncio
import os
import shlex
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import Field

from aksara_agent import confined
from aksara_agent.errors import ToolRetry
from aksara_agent.processes import run_process
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.system.command_start import environment, why_not_started
from aksara_agent.workspace import Workspace

MAX_OUTPUT = 12_000  # characters: beginning and end must survive the cut that any tool's result may get


class RunCommand(Tool):
    """A command without input and without the agent's secrets; nothing of it runs on afterwards."""

    name = "run_command"
    description = (
        "Run a command in the project and wait for its end. Give either command, a program with its arguments, or "
        "shell_command, a line for the shell. It gets no input; what it leaves running in the background is ended."
    )
    effect = "external"

    def preview(self, arguments: dict[str, Any], workspace: Workspace) -> str | None:
        """The command line and where it runs."""
        given = self.validate(arguments)
        command = _the_one(given.get("command", ()), given.get("shell_command", ""))
        argv = ["sh", "-c", command] if isinstance(command, str) else command
        return f"$ {shlex.join(argv)}\nin {given.get('cwd') or '.'}"

    async def execute(
        self,
        context: ToolContext,
        command: Annotated[
            Sequence[str], Field(description='Program and arguments, run without a shell, e.g. ["pytest", "-q"].')
        ] = (),
        shell_command: Annotated[
            str, Field(description="A line for sh, only for what needs a shell: pipes, &&, redirections.")
        ] = "",
        cwd: Annotated[str, Field(description="Folder relative to the project.")] = ".",
    ) -> dict[str, Any]:
        """Exit status and output; what was left out of it, and how many processes were left behind."""
        chosen = _the_one(command, shell_command)
        folder = await asyncio.to_thread(_folder, context.project.root, cwd)
        env = await asyncio.to_thread(environment, context.project.python)
        try:
            done = await run_process(chosen, cwd=folder, env=env, max_output=MAX_OUTPUT)
        except (OSError, ValueError) as error:
            raise ToolRetry(await asyncio.to_thread(why_not_started, chosen, error, env["PATH"])) from None
        answer: dict[str, Any] = {"exit_status": done.exit_status, "output": done.output}
        if done.left_out:
            answer["left_out"] = f"{done.left_out:,} characters from the middle"
        if done.left_behind:
            answer["left_behind"] = f"{done.left_behind} background processes, ended"
        return answer


def _the_one(command: Sequence[str], shell_command: str) -> Sequence[str] | str:
    """The form in which the command was given. Raises ToolRetry for none and for both."""
    if bool(command) == bool(shell_command):
        raise ToolRetry('Give either command, e.g. ["pytest", "-q"], or shell_command, e.g. "ls | wc -l".')
    return command or shell_command


def _folder(root: Path, cwd: str) -> Path:
    """The folder of that name inside the project. Raises ToolRetry for any that leads elsewhere, also by a link."""
    parts = confined.parts_of(cwd).parts if PurePosixPath(cwd).parts else ()
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts:
            folder = confined.step_into(part, folder, cwd, create=False)
    finally:
        os.close(folder)
    return root.joinpath(*parts)
