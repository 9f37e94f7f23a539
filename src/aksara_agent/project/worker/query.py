"""Runs one query request: data in, a page of rows out. The request never contains SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, inspect, select

from .aggregate_request import COUNT
from .aggregates import aggregate_columns, group_columns
from .failures import RequestError
from .filters import FilterCompiler
from .mapped import visible_fields
from .page import field_list, fill, limit_and_offset, make_page, null_note, order_list
from .paths import Paths
from .readonly import read_only
from .rows import RowWriter
from .suggest import did_you_mean


def run_query(model: Any, database: Any, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """One page, read inside a read-only connection with a time limit."""
    limit, offset = limit_and_offset(request)
    inspect(model).class_manager  # noqa: B018 - configure the mappers before anything is compiled
    compiler = FilterCompiler(database.url.get_backend_name())
    filters = request.get("filters") or {}
    condition = [compiler.compile(model, model, filters)] if filters else []
    names, statement, total_statement = build(model, request, condition)
    with read_only(database, seconds) as connection:
        total = int(connection.execute(total_statement).scalar() or 0)
        shown = total_statement if request.get("count") else statement.limit(limit).offset(offset)
        writer = RowWriter(names)
        if not request.get("count"):
            fill(writer, connection.execute(shown))
        notes = null_notes(model, compiler, connection)
        text = str(shown.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True}))
    return make_page(writer, total, limit, offset, text, notes)


def build(model: Any, request: dict[str, Any], condition: list[Any]) -> tuple[list[str], Any, Any]:
    """(names of the columns, the select without limit, the select that counts its rows)."""
    paths = Paths(model)
    if request.get("aggregate") or request.get("group_by"):
        groups = group_columns(paths, request.get("group_by") or [])
        selected = dict(
            groups,
            **aggregate_columns(paths, request.get("aggregate") or COUNT, groups),
        )
        order = order_by(paths, request.get("order_by"), selected)
        statement = select(*[column.label(name) for name, column in selected.items()]).select_from(model)
        statement = paths.apply(statement).where(*condition).group_by(*groups.values())
        total = select(func.count()).select_from(statement.subquery())
        return list(selected), statement.order_by(*(order or groups.values())), total
    fields = field_list(request) or visible_fields(model)
    attributes = {name: paths.resolve(name)[0] for name in fields}
    order = order_by(paths, request.get("order_by"), {})
    statement = select(*[column.label(name) for name, column in attributes.items()]).select_from(model)
    # The primary key last: without it two pages of equal values could repeat or skip a row.
    statement = paths.apply(statement).where(*condition).order_by(*order, *inspect(model).primary_key)
    return list(attributes), statement, select(func.count()).select_from(model).where(*condition)


def order_by(paths: Paths, names: Any, selected: dict[str, Any]) -> list[Any]:
    """Columns to order by; "-name" is descending, a name may be an aggregate's alias."""
    ordered = []
    for name, descending in order_list(names):
        if selected and name not in selected:
            message = "a grouped query is ordered by its own columns: {}"
            raise RequestError(message.format(did_you_mean(name, selected)))
        column = selected[name] if selected else paths.resolve(name)[0]
        ordered.append(column.desc() if descending else column.asc())
    return ordered


def null_notes(model: Any, compiler: FilterCompiler, connection: Any) -> list[str]:
    notes = []
    for field, lookup in compiler.nullable_compared.items():
        attribute = getattr(model, field)
        empty = connection.execute(select(func.count()).select_from(model).where(attribute.is_(None))).scalar()
        if empty:
            notes.append(null_note(field, lookup, empty))
    return notes
