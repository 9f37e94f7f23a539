"""delete_record: remove rows, found by key or filter and counted first, with all that refers to them in view."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.data.query_records import FILTERS
from aksara_agent.tools.data.row_tool import KEY, LIMIT, RowTool


class DeleteRecord(RowTool):
    """Never leaves a row that refers to nothing, and takes no other row along unasked."""

    name = "delete_record"
    description = (
        "Delete the rows of a model that have a primary key or match a filter: all in one transaction, or none. "
        "Refused when other rows would go too (say cascade=true) or still refer to them."
    )
    action = "delete"

    async def execute(
        self,
        context: ToolContext,
        model: Annotated[str, Field(description="Model name, e.g. Comment.")],
        key: Annotated[Any, Field(description=KEY)] = None,
        filters: Annotated[dict[str, Any] | None, Field(description=FILTERS)] = None,
        limit: Annotated[int, Field(ge=1, le=10_000, description=LIMIT)] = 100,
        cascade: Annotated[
            bool, Field(description="Also delete or detach the rows that the model's rules name.")
        ] = False,
    ) -> dict[str, Any]:
        """The rows that are gone, and what went with them."""
        return await self.apply(
            context, {"model": model, "key": key, "filters": filters, "limit": limit, "cascade": cascade}
        )
