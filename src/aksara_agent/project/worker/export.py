"""Writes the rows of a query into a file, as they come from the database: never many of them in memory."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect

from .export_lines import exported
from .filters import FilterCompiler
from .query import build, null_notes
from .readonly import read_only

AT_ONCE = 1000


def export_rows(model: Any, database: Any, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """How many rows were written, of which fields, and how many cells were made harmless."""
    query = request["query"]
    inspect(model).class_manager  # noqa: B018 - configure the mappers before anything is compiled
    compiler = FilterCompiler(database.url.get_backend_name())
    filters = query.get("filters") or {}
    condition = [compiler.compile(model, model, filters)] if filters else []
    names, statement, _ = build(model, query, condition)
    with read_only(database, seconds) as connection:
        rows = connection.execute(statement.execution_options(stream_results=True, max_row_buffer=AT_ONCE))
        written = exported(request, names, (row for part in rows.partitions(AT_ONCE) for row in part))
        return dict(written, notes=null_notes(model, compiler, connection))
