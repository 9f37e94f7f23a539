"""report: how an answer becomes structured data, with every location checked."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from typing import (
    Annotated,
    Any,
    NotRequired,  # pydantic needs these before Python 3.12
    cast,
)

from pydantic import Field
from typing_extensions import TypedDict

from aksara_agent.errors import ToolError
from aksara_agent.results import Action, Finding, Severity
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.workspace import Workspace, lines_of


class Reported(TypedDict):
    """A problem as the model states it."""

    severity: Severity
    issue: str
    fix: str
    file: NotRequired[str | None]
    line: NotRequired[int | None]


class Suggestion(TypedDict):
    """A proposal, with the place it is about."""

    text: str
    file: NotRequired[str | None]
    line: NotRequired[int | None]


class Report(Tool):
    """Findings and suggestions for ``result.findings`` and ``result.suggestions``."""

    name = "report"
    description = "Hand in findings (problems) and suggestions (proposals) as structured results, with file and line."
    effect = "read"

    async def execute(
        self,
        context: ToolContext,
        findings: Annotated[list[Reported] | None, Field(description="Problems found.")] = None,
        suggestions: Annotated[
            list[Suggestion | str] | None, Field(description="Proposals, one sentence each.")
        ] = None,
    ) -> dict[str, Any]:
        """The report with its locations checked; ``verified`` where a tool found the same place."""
        known = _places(await context.journal.actions(context.run_id))
        checked = [await asyncio.to_thread(_checked, finding, context.workspace, known) for finding in findings or ()]
        worded = [await asyncio.to_thread(_worded, suggestion, context.workspace) for suggestion in suggestions or ()]
        return {"findings": checked, "suggestions": worded}


def _checked(finding: Reported, workspace: Workspace, known: set[tuple[Any, Any]]) -> Finding:
    """The finding without a location that does not exist."""
    file, line = finding.get("file"), finding.get("line")
    file, line = (PurePosixPath(file).as_posix(), line) if file and _stands(workspace, file, line) else (None, None)
    return cast(Finding, {**finding, "file": file, "line": line, "verified": (file, line) in known})


def _worded(suggestion: Suggestion | str, workspace: Workspace) -> str:
    """The suggestion as a sentence that ends with its place."""
    if isinstance(suggestion, str):
        return suggestion
    file, line = suggestion.get("file"), suggestion.get("line")
    if not _stands(workspace, file, line) or f"{file}:" in suggestion["text"]:
        return suggestion["text"]
    return f"{suggestion['text']} ({file}:{line})" if line else f"{suggestion['text']} ({file})"


def _stands(workspace: Workspace, file: str | None, line: int | None) -> bool:
    """Whether the project has that line."""
    if file is None:
        return False
    try:
        text = workspace.read(file)
    except ToolError:
        return False
    return line is None or 0 < line <= len(lines_of(text))


def _places(actions: list[Action]) -> set[tuple[Any, Any]]:
    """Where the tools of this run found something."""
    outputs = [a.output for a in actions if a.tool != "report" and isinstance(a.output, dict)]
    lists = [found for output in outputs if isinstance(found := output.get("findings"), list)]
    findings = [f for found in lists for f in found if isinstance(f, dict)]  # a tool of yours may mean another thing
    return {(f["file"], f.get("line")) for f in findings if isinstance(f.get("file"), str)}
