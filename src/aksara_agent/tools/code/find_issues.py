"""find_issues: security problems by ruff's rules, structural ones by our own."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from aksara_agent.errors import ProjectError, ToolFailed, ToolRetry
from aksara_agent.results import Finding
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.code.security_rules import IGNORED, finding_of, path_in

SEVERITY_ORDER = ("high", "medium", "low", "info")


class FindIssues(Tool):
    """Findings with severity, file, line and fix, the gravest first."""

    name = "find_issues"
    description = (
        "Find security problems in the code and structural problems of the models, each with file, line and fix."
    )
    effect = "read"

    async def execute(
        self,
        context: ToolContext,
        model: Annotated[str | None, Field(description="Only structural problems of this model.")] = None,
        kind: Annotated[
            str | None,
            Field(pattern="^(security|structure)$", description="security or structure; both when left out."),
        ] = None,
    ) -> dict[str, Any]:
        """Security findings are left out when a model is named."""
        notes: list[str] = []
        findings: list[Finding] = []
        if kind != "security":
            findings += await _structural(context, model, notes)
        if kind != "structure" and model is None:
            findings += await _security(context.project.root, notes)
        elif kind == "security":
            notes.append("Security rules are not about one model: nothing was checked. Leave model out.")
        findings.sort(key=lambda finding: SEVERITY_ORDER.index(finding["severity"]))
        return {"findings": findings, "count": len(findings), **({"notes": notes} if notes else {})}


async def _structural(context: ToolContext, model: str | None, notes: list[str]) -> list[Finding]:
    try:
        return [*await context.project.check(model)]
    except ProjectError as error:
        if model is not None:
            raise ToolRetry(str(error)) from error
        notes.append(f"The models could not be checked: {error}")
        return []


async def _security(root: Path, notes: list[str]) -> list[Finding]:
    """Run ruff's S rules over the project, without its configuration, cache or fixes."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    if ruff is None:
        notes.append("Security rules were not run: ruff is not installed (pip install 'aksara-agent[analysis]').")
        return []
    options = [
        "check",
        "--isolated",
        "--no-cache",
        "--exit-zero",
        "--select=S",
        f"--ignore={','.join(IGNORED)}",
        "--output-format=json",
    ]
    process = await asyncio.create_subprocess_exec(
        ruff, *options, ".", cwd=root, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        output, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise ToolFailed(f"ruff failed: {errors.decode(errors='replace').strip()[:500]}")
    return _findings(json.loads(output), root, notes)


def _findings(diagnostics: list[dict[str, Any]], root: Path, notes: list[str]) -> list[Finding]:
    """What ruff found in the project's own files; a file that does not parse is noted once."""
    findings, broken = [], set[str]()
    for found in diagnostics:
        file = path_in(root, found["filename"])
        if file is None:  # a link leads outside
            continue
        if str(found.get("code")).startswith("S"):
            findings.append(finding_of(found, file))
        elif file not in broken:
            broken.add(file)
            line = found["location"]["row"]
            notes.append(f"{file}:{line} does not parse, so not all of it was checked: {found['message']}")
    return findings
