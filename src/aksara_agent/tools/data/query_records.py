"""query_records: ask the database, as data and never as SQL text."""

from __future__ import annotations

from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,  # pydantic needs these before Python 3.12
    cast,
)

from pydantic import Field
from typing_extensions import TypedDict

from aksara_agent.errors import ProjectError, ToolRetry
from aksara_agent.project.description import QueryRequest
from aksara_agent.tools.base import Tool, ToolContext

FILTERS = (
    "Conditions by field and Django-style lookup, e.g. {'last_login__lt': 'now-90d', 'author__name__icontains': 'ann', "
    "'or': [{…}, {…}], 'not': {…}}. Lookups: exact, ne, gt, gte, lt, lte, in, contains, icontains, startswith, "
    "endswith, isnull, range."
)


class Aggregate(TypedDict):
    """One figure over the matching rows."""

    function: Literal["count", "sum", "avg", "min", "max"]
    field: NotRequired[str]


class QueryRecords(Tool):
    """Rows and figures from the project's database, read-only."""

    name = "query_records"
    description = "Read rows, counts and aggregates of a model from the database. Read-only; secret fields stay hidden."
    effect = "read"

    async def execute(
        self,
        context: ToolContext,
        model: Annotated[str, Field(description="Model name, e.g. User.")],
        filters: Annotated[dict[str, Any] | None, Field(description=FILTERS)] = None,
        fields: Annotated[list[str] | None, Field(description="Fields to return; all when left out.")] = None,
        order_by: Annotated[
            list[str] | None, Field(description="Fields to order by; '-' before a name reverses.")
        ] = None,
        limit: Annotated[int, Field(ge=1, le=1000)] = 50,
        offset: Annotated[int, Field(ge=0)] = 0,
        aggregate: Annotated[
            dict[str, Aggregate] | None, Field(description="Figures by name: {'posts': {'function': 'count'}}.")
        ] = None,
        group_by: Annotated[list[str] | None, Field(description="Fields to group the aggregates by.")] = None,
    ) -> dict[str, Any]:
        """The page of rows with the total of all that match."""
        request: QueryRequest = {"model": model, "limit": limit, "offset": offset}
        if filters:
            request["filters"] = filters
        if fields:
            request["fields"] = fields
        if order_by:
            request["order_by"] = order_by
        if aggregate:
            request["aggregate"] = cast(Any, aggregate)
        if group_by:
            request["group_by"] = group_by
        try:
            return {**await context.project.query(request)}
        except ProjectError as error:
            raise ToolRetry(str(error)) from error
