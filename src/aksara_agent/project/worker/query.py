"""Runs one query request: data in, a page of rows out. The request never contains SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, inspect, select

from .aggregates import aggregate_columns, group_columns
from .failures import RequestError
from .filters import FilterCompiler
from .mapped import did_you_mean, visible_fields
from .paths import Paths
from .readonly import read_only
from .rows import RowWriter

LARGEST_LIMIT = 1000
DEFAULT_LIMIT = 50
KEYS = ("model", "fields", "filters", "order_by", "limit", "offset", "count", "aggregate", "group_by")


def run_query(model: Any, database: Any, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """One page, read inside a read-only connection with a time limit."""
    for key in request:
        if key not in KEYS:
            raise RequestError("unknown query key {!r}: {}".format(key, did_you_mean(key, KEYS)))
    limit = whole_number(request, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT)
    offset = whole_number(request, "offset", 0, 0, 2**31)
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
            for row in connection.execute(shown):
                writer.add(row)
                if writer.full:
                    break
        notes = writer.notes() + null_notes(model, compiler, connection)
        text = str(shown.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True}))
    after = offset + len(writer.rows)
    more = after < total and bool(writer.rows)
    return {
        "rows": writer.rows,
        "total": total,
        "limit": limit,
        "offset": offset,
        "next_offset": after if more else None,
        "statement": text,
        "notes": notes,
    }


def build(model: Any, request: dict[str, Any], condition: list[Any]) -> tuple[list[str], Any, Any]:
    """(names of the columns, the select without limit, the select that counts its rows)."""
    paths = Paths(model)
    if request.get("aggregate") or request.get("group_by"):
        groups = group_columns(paths, request.get("group_by") or [])
        selected = dict(
            groups,
            **aggregate_columns(paths, request.get("aggregate") or {"count": {"function": "count"}}, groups),
        )
        order = order_by(paths, request.get("order_by"), selected)
        statement = select(*[column.label(name) for name, column in selected.items()]).select_from(model)
        statement = paths.apply(statement).where(*condition).group_by(*groups.values())
        total = select(func.count()).select_from(statement.subquery())
        return list(selected), statement.order_by(*(order or groups.values())), total
    fields = request.get("fields") or visible_fields(model)
    if not isinstance(fields, list):
        raise RequestError("fields is a list of names, not {!r}".format(fields))
    attributes = {name: paths.resolve(name)[0] for name in fields}
    order = order_by(paths, request.get("order_by"), {})
    statement = select(*[column.label(name) for name, column in attributes.items()]).select_from(model)
    # The primary key last: without it two pages of equal values could repeat or skip a row.
    statement = paths.apply(statement).where(*condition).order_by(*order, *inspect(model).primary_key)
    return list(attributes), statement, select(func.count()).select_from(model).where(*condition)


def order_by(paths: Paths, names: Any, selected: dict[str, Any]) -> list[Any]:
    """Columns to order by; "-name" is descending, a name may be an aggregate's alias."""
    if isinstance(names, str):
        names = [names]
    if not isinstance(names or [], list):
        raise RequestError('order_by is a list such as ["-created_at"], not {!r}'.format(names))
    ordered = []
    for name in names or []:
        plain = name[1:] if isinstance(name, str) and name.startswith("-") else name
        if selected and plain not in selected:
            message = "a grouped query is ordered by its own columns: {}"
            raise RequestError(message.format(did_you_mean(plain, selected)))
        column = selected[plain] if selected else paths.resolve(plain)[0]
        ordered.append(column.desc() if plain != name else column.asc())
    return ordered


def whole_number(request: dict[str, Any], key: str, default: int, low: int, high: int) -> int:
    value = request.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RequestError("{} is a whole number from {} to {}, not {!r}".format(key, low, high, value))
    return value


def null_notes(model: Any, compiler: FilterCompiler, connection: Any) -> list[str]:
    """Says how many rows a comparison could not see because the value is missing."""
    notes = []
    for field, lookup in compiler.nullable_compared.items():
        attribute = getattr(model, field)
        empty = connection.execute(select(func.count()).select_from(model).where(attribute.is_(None))).scalar()
        if empty:
            message = (
                "rows whose {0} is NULL are not matched by {1}; {2} such rows exist: "
                'add {{"or": [..., {{"{0}__isnull": true}}]}} to include them'
            )
            notes.append(message.format(field, lookup, empty))
    return notes
