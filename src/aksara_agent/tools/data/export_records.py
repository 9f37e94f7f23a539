"""export_records: all rows of a query into a file of the project."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field

from aksara_agent.confined import parts_of
from aksara_agent.errors import ProjectError, ToolRetry
from aksara_agent.project.description import QueryRequest
from aksara_agent.tools.base import Preview, Tool, ToolContext
from aksara_agent.tools.data.query_records import FILTERS

FORMATS = (".csv", ".jsonl")


class ExportRecords(Tool):
    """The worker writes outside of the project; the finished file is then taken in, journaled, in one step."""

    name = "export_records"
    description = (
        "Export all rows of a model that match a filter to a .csv or .jsonl file of the project. "
        "Secret fields are never exported."
    )
    effect = "write"
    only_files = True
    timeout = 330

    async def foresee(self, arguments: dict[str, Any], context: ToolContext) -> Preview | None:
        """How many rows go where."""
        values = self.validate(arguments)
        path = _checked(values["path"])
        query: QueryRequest = {"model": values["model"], "filters": values.get("filters"), "count": True}
        rows = (await context.project.query(query))["total"]
        exists = await asyncio.to_thread(context.workspace.exists, path)
        fields = ", ".join(values.get("fields") or ["all fields but secret ones"])
        return Preview(f"{'replace' if exists else 'create'} {path}: {rows:,} {values['model']} rows, {fields}")

    async def execute(
        self,
        context: ToolContext,
        model: Annotated[str, Field(description="Model name, e.g. User.")],
        path: Annotated[str, Field(description="File to write, relative to the project: name.csv or name.jsonl.")],
        filters: Annotated[dict[str, Any] | None, Field(description=FILTERS)] = None,
        fields: Annotated[list[str] | None, Field(description="Fields to export; all when left out.")] = None,
        order_by: Annotated[
            list[str] | None, Field(description="Fields to order by; '-' before a name reverses.")
        ] = None,
        guard_formulas: Annotated[
            bool, Field(description="Put ' before text in CSV that a spreadsheet would take for a formula.")
        ] = True,
    ) -> dict[str, Any]:
        """The file, and how many rows of which fields it has."""
        query = {"model": model, "filters": filters, "fields": fields, "order_by": order_by}
        with tempfile.TemporaryDirectory(prefix="aksara-export-") as folder:
            target = Path(folder, f"rows{Path(_checked(path)).suffix}")
            try:
                done = await context.project.rows.export(cast(QueryRequest, query), target, guard=guard_formulas)
            except ProjectError as error:
                raise ToolRetry(str(error)) from error
            change = await asyncio.to_thread(context.workspace.take_in, path, target)
        notes = done["notes"] + ([_GUARDED.format(done["guarded"])] if done["guarded"] else [])
        written = {"rows": done["rows"], "fields": done["fields"], "bytes": done["bytes"], "notes": notes}
        return {"path": change["path"], **written}


_GUARDED = "{} cells that begin like a formula (= + - @) got a leading ' so that no spreadsheet runs them"


def _checked(path: str) -> str:
    """The path, if it can be exported to. Raises ToolRetry before any row is read."""
    if Path(path).suffix not in FORMATS:
        raise ToolRetry(f"{path!r} must end in {' or '.join(FORMATS)}.")
    return parts_of(path).as_posix()
