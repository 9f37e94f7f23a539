"""Runs one query request with Django's ORM: data in, a page of rows out. The request never contains SQL."""

from __future__ import annotations

import contextlib
from typing import Any, Iterator

from django.core.exceptions import FieldError, ValidationError
from django.db.models import QuerySet

from .django_database import alias_of
from .django_filters import DjangoFilters
from .django_groups import grouped
from .django_names import NAMES
from .django_paths import orm_path, signed
from .django_readonly import ALIAS, read_only
from .failures import RequestError
from .page import field_list, fill, limit_and_offset, make_page, null_note
from .rows import RowWriter


def run_query(model: Any, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """One page, read inside a read-only connection with a time limit."""
    limit, offset = limit_and_offset(request)
    compiler = DjangoFilters()
    statements: list[str] = []
    with understood():
        names, build = plan_of(model, request)
        rows, writer = filtered(model, compiler, request.get("filters") or {}), RowWriter(names)
        with read_only(alias_of(model), seconds) as connection:
            with connection.execute_wrapper(remember(statements)):
                asked = build(rows)
                total = len(asked) if isinstance(asked, list) else asked.order_by().count()
                if not request.get("count"):
                    fill(writer, asked[offset : offset + limit])
            notes = null_notes(model, compiler)
    statement = statements[-1] if statements else "no query was needed: the filter cannot match any row"
    return make_page(writer, total, limit, offset, statement, notes + compiler.unknown_choices + manager_notes(model))


def plan_of(model: Any, request: dict[str, Any]) -> tuple[list[str], Any]:
    """(names of the columns, what makes them of the filtered rows)."""
    return (grouped if request.get("aggregate") or request.get("group_by") else plain)(model, request)


def filtered(model: Any, compiler: DjangoFilters, filters: Any) -> Any:
    """Not through the model's own manager: it may leave rows out, and the question is about the table."""
    rows = QuerySet(model, using=ALIAS)
    return rows.filter(compiler.compile(model, model, filters)) if filters else rows


def plain(model: Any, request: dict[str, Any]) -> tuple[list[str], Any]:
    """Rows as they stand, one after the other."""
    names = field_list(request) or NAMES.visible_fields(model)
    paths = [orm_path(model, name) for name in names]
    # The primary key last: without it two pages of equal values could repeat or skip a row.
    order = [sign + orm_path(model, name) for name, sign in signed(request)] + ["pk"]
    return names, lambda rows: rows.order_by(*order).values_list(*paths)


@contextlib.contextmanager
def understood() -> Iterator[None]:
    """Fields of the project's own making may refuse a lookup or a value in their own way."""
    try:
        yield
    except (FieldError, ValidationError, ValueError, TypeError) as error:
        raise RequestError("the project's fields refuse this query: {}".format(error)) from error


def remember(statements: list[str]) -> Any:
    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        statements.append(str(sql))
        return execute(sql, params, many, context)

    return wrapper


def null_notes(model: Any, compiler: DjangoFilters) -> list[str]:
    notes = []
    for field, lookup in compiler.nullable_compared.items():
        empty = QuerySet(model, using=ALIAS).filter(**{field + "__isnull": True}).count()
        if empty:
            notes.append(null_note(field, lookup, empty))
    return notes


def manager_notes(model: Any) -> list[str]:
    """Says that the project itself sees fewer rows."""
    try:
        narrowed = bool(model._default_manager.get_queryset().query.where)
    except Exception:  # a manager may need a request or a tenant: then nothing can be said
        return []
    message = "{0}.{1} leaves rows out by its own filter; this query reads all rows of the table"
    return [message.format(model.__name__, model._default_manager.name)] if narrowed else []
