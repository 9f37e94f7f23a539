"""write_file: create or replace a file of the project, atomically."""

from __future__ import annotations

import ast
import asyncio
from typing import Annotated, Any

from pydantic import Field

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.base import Tool, ToolContext


class WriteFile(Tool):
    """The whole new content of one file. Python that does not parse is refused."""

    name = "write_file"
    description = "Create or replace a text file of the project with the given content."
    effect = "write"

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
    try:
        ast.parse(content)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise ToolRetry(
            f"Not written: {path} would not parse: {error}" + (f" (line {line})." if line else ".")
        ) from None
