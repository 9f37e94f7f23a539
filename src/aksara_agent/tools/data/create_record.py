"""create_record: new rows, checked against the model first."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.data.row_tool import LIMIT, RowTool


class CreateRecord(RowTool):
    """One row, or several in one transaction."""

    name = "create_record"
    description = (
        "Create one row of a model, or several at once: all or none. "
        "Defaults are filled in. Fields that hold secrets cannot be set."
    )
    action = "create"

    async def execute(
        self,
        context: ToolContext,
        model: Annotated[str, Field(description="Model name, e.g. Tag.")],
        values: Annotated[
            dict[str, Any] | list[dict[str, Any]],
            Field(description="Values by field; a list of such objects for several."),
        ],
        limit: Annotated[int, Field(ge=1, le=10_000, description=LIMIT)] = 100,
    ) -> dict[str, Any]:
        """The new rows with their keys."""
        return await self.apply(context, {"model": model, "values": values, "limit": limit})
