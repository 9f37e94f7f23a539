"""read_file: a file of the project, with line numbers."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from pydantic import Field

from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.workspace import lines_of

MAX_LINES = 400


class ReadFile(Tool):
    """Numbered lines of a text file inside the project."""

    name = "read_file"
    description = f"Read a text file of the project with line numbers, at most {MAX_LINES} lines at a time."
    effect = "read"

    async def execute(
        self,
        context: ToolContext,
        path: Annotated[str, Field(description="Path relative to the project, e.g. models/post.py.")],
        start: Annotated[int, Field(ge=1, description="First line.")] = 1,
        lines: Annotated[int, Field(ge=1, le=MAX_LINES)] = MAX_LINES,
    ) -> dict[str, Any]:
        """The lines from ``start`` on, and how many there are in all."""
        text = await asyncio.to_thread(context.workspace.read, path)
        every = lines_of(text)
        shown = every[start - 1 : start - 1 + lines]
        numbered = "\n".join(f"{number:>5} {line}" for number, line in enumerate(shown, start))
        answer: dict[str, Any] = {"path": path, "content": numbered, "total_lines": len(every)}
        if start - 1 + len(shown) < len(every):
            answer["next_start"] = start + len(shown)
        return answer
