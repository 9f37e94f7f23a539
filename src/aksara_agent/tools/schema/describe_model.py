"""describe_model: one model in full, with what its live metadata shows to be wrong."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aksara_agent.errors import ProjectError, ToolRetry
from aksara_agent.tools.base import Tool, ToolContext


class DescribeModel(Tool):
    """Fields, types, indexes, constraints, relations, uses and known problems of a model."""

    name = "describe_model"
    description = (
        "Describe a model: fields with types and lines, indexes, constraints, relations, row count, "
        "where the code uses it, and problems found (such as a foreign key without an index)."
    )
    effect = "read"

    async def execute(
        self, context: ToolContext, model: Annotated[str, Field(description="Model name, e.g. Post, or its table.")]
    ) -> dict[str, Any]:
        """Live where the project can be imported, else static, which the notes say."""
        try:
            description = await context.project.describe(model)
            findings = await context.project.check(model)
        except ProjectError as error:
            raise ToolRetry(str(error)) from error
        return {**description, "findings": findings}
