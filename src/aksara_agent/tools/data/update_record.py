"""update_record: change fields of rows, found by key or filter and counted first."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.data.query_records import FILTERS
from aksara_agent.tools.data.row_tool import KEY, LIMIT, RowTool


class UpdateRecord(RowTool):
    """The same new values for every row that is meant."""

    name = "update_record"
    description = (
        "Set fields of the rows of a model that have a primary key or match a filter: all in one transaction, or none."
    )
    action = "update"

    async def execute(
        self,
        context: ToolContext,
        model: Annotated[str, Field(description="Model name, e.g. User.")],
        values: Annotated[dict[str, Any], Field(description="New values by field.")],
        key: Annotated[Any, Field(description=KEY)] = None,
        filters: Annotated[dict[str, Any] | None, Field(description=FILTERS)] = None,
        limit: Annotated[int, Field(ge=1, le=10_000, description=LIMIT)] = 100,
    ) -> dict[str, Any]:
        """The rows before and after."""
        return await self.apply(
            context, {"model": model, "values": values, "key": key, "filters": filters, "limit": limit}
        )
