"""search_code: where a text or pattern stands in the project."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Annotated, Any

import regex as regexp
from pydantic import Field

from aksara_agent.errors import ToolError, ToolRetry
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.workspace import Workspace, lines_of

MAX_MATCHES = 100
SECONDS_A_LINE = 0.5
MAX_LINE = 300  # characters; longer lines are data, and slow for a pattern


class SearchCode(Tool):
    """Matching lines with file and line number."""

    name = "search_code"
    description = f"Search the project's text files; returns at most {MAX_MATCHES} matching lines with file and line."
    effect = "read"

    async def execute(
        self,
        context: ToolContext,
        text: Annotated[str, Field(min_length=1, description="What to look for.")],
        files: Annotated[str, Field(description="Glob on path or name, e.g. *.py or models/*.")] = "*",
        regex: Annotated[bool, Field(description="Take the text as a regular expression.")] = False,
    ) -> dict[str, Any]:
        """The matches in path order."""
        try:
            pattern = regexp.compile(text if regex else regexp.escape(text))
        except regexp.error as error:
            raise ToolRetry(
                f"{text!r} is not a regular expression: {error}. Leave regex out to search for it as it is."
            ) from None
        return await asyncio.to_thread(_search, context.workspace, pattern, files)


def _search(workspace: Workspace, pattern: regexp.Pattern[str], files: str) -> dict[str, Any]:
    matches: list[dict[str, Any]] = []
    searched = 0
    for path in workspace.files(files):
        searched += 1
        for number, line in _lines(workspace, path):
            if _matches(pattern, line):
                matches.append({"file": path, "line": number, "text": line.strip()})
                if len(matches) == MAX_MATCHES:
                    return {"matches": matches, "note": f"Only the first {MAX_MATCHES} matches; narrow the search."}
    return {"matches": matches, "files_searched": searched}


def _matches(pattern: regexp.Pattern[str], line: str) -> bool:
    """Unlike re, this engine gives up on a pattern that backtracks for ever, and lets other threads run."""
    try:
        return pattern.search(line, timeout=SECONDS_A_LINE, concurrent=True) is not None
    except TimeoutError:
        raise ToolRetry(f"The pattern {pattern.pattern!r} takes for ever on some lines. Use a simpler one.") from None


def _lines(workspace: Workspace, path: str) -> Iterator[tuple[int, str]]:
    try:
        text = workspace.read(path)
    except ToolError:  # binary, huge or unreadable: not text to search
        return
    for number, line in enumerate(lines_of(text), 1):
        yield number, line[:MAX_LINE]
