"""check_models: missing indexes and constraints, and where models, migrations and database differ."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aksara_agent.errors import ProjectError, ToolRetry
from aksara_agent.project.drift import find_drift
from aksara_agent.tools.base import Tool, ToolContext


class CheckModels(Tool):
    """Findings about one model or all, each with file, line and fix."""

    name = "check_models"
    description = (
        "Check the models: foreign keys and often used columns without an index, missing unique constraints, "
        "and drift between models, migrations and database."
    )
    effect = "read"
    timeout = 120

    async def execute(
        self,
        context: ToolContext,
        model: Annotated[str | None, Field(description="Only this model; all when left out.")] = None,
    ) -> dict[str, Any]:
        """Drift is looked for when all models are checked; ``notes`` say why it could not be."""
        try:
            findings = await context.project.check(model)
        except ProjectError as error:
            raise ToolRetry(str(error)) from error
        drift, notes = await find_drift(context.project) if model is None else ([], [])
        return {"findings": findings, "drift": drift, "count": len(findings), **({"notes": notes} if notes else {})}
