"""write_file: create or replace a file of the project, atomically."""

from __future__ import annotations

import asyncio
import difflib
from typing import Annotated, Any

from pydantic import Field

from aksara_agent.errors import ToolRetry
from aksara_agent.patching import why_it_does_not_parse
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.workspace import Workspace


class WriteFile(Tool):
    """The whole new content of one file. Python that does not parse is refused."""

    name = "write_file"
    description = "Create or replace a text file of the project with the given content."
    effect = "write"
    only_files = True

    def preview(self, arguments: dict[str, Any], workspace: Workspace) -> str | None:
        """The change as a unified diff."""
        path, content = str(arguments.get("path")), str(arguments.get("content"))
        before = workspace.read(path) if workspace.exists(path) else ""
        lines = difflib.unified_diff(before.splitlines(), content.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
        return "\n".join(lines) or None

    async def execute(
        self,
        context: ToolContext,
        path: Annotated[str, Field(description="Path relative to the project.")],
        content: Annotated[str, Field(description="The whole new content of the file.")],
    ) -> dict[str, Any]:
        """What was done: created or modified."""
        if path.endswith(".py"):
            _refuse_broken_python(path, content)
        change = await asyncio.to_thread(context.workspace.write, path, content)
        return {**change, "bytes": len(content.encode())}


def _refuse_broken_python(path: str, content: str) -> None:
    if broken := why_it_does_not_parse(path, content):
        raise ToolRetry(f"Not written: {path} would not parse: {broken}.")
