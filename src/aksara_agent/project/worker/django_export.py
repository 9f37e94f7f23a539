"""Writes the rows of a query on a Django model into a file, as they come from the database."""

from __future__ import annotations

from typing import Any

from .django_database import alias_of
from .django_filters import DjangoFilters
from .django_query import filtered, null_notes, plan_of, understood
from .django_readonly import read_only
from .export_lines import exported

AT_ONCE = 1000


def export_rows(model: Any, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """How many rows were written, of which fields, and how many cells were made harmless."""
    query, compiler = request["query"], DjangoFilters()
    with understood(), read_only(alias_of(model), seconds):
        names, build = plan_of(model, query)
        asked = build(filtered(model, compiler, query.get("filters") or {}))
        rows = asked if isinstance(asked, list) else asked.iterator(chunk_size=AT_ONCE)
        written = exported(request, names, rows)
        return dict(written, notes=null_notes(model, compiler) + compiler.unknown_choices)
