"""list_models: which models the project has, found without importing anything."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aksara_agent.tools.base import Tool, ToolContext


class ListModels(Tool):
    """The models of the project, each with table, file, line and field names."""

    name = "list_models"
    description = "List the data models of the project with their tables, files, lines and fields."
    effect = "read"

    async def execute(
        self,
        context: ToolContext,
        contains: Annotated[str, Field(description="Only models whose name or file contains this text.")] = "",
    ) -> dict[str, Any]:
        """Static: also works where the project cannot be imported."""
        scan = await context.project.scan()
        models, wanted = await context.project.models(), contains.lower()
        chosen = [m for m in models if wanted in m["name"].lower() or wanted in m["file"].lower()]
        problems = list(scan.problems)
        if not models:
            problems.append(
                f"No models were found in the {len(scan.files)} Python files of {context.project.root.name}. "
                "SQLAlchemy, SQLModel, Django and Aksara models are recognised; is this the project's root folder?"
            )
        return {"models": chosen, "count": len(chosen), **({"problems": problems} if problems else {})}
