"""One comparison of a column with a value, for each of Django's lookup names."""

from __future__ import annotations

from typing import Any, Callable

from sqlalchemy import and_, func, literal

from .column_values import coerce, python_type
from .failures import RequestError
from .lookup_names import TEXT_LOOKUPS

ORDERED: dict[str, Callable[[Any, Any], Any]] = {
    "exact": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "gt": lambda left, right: left > right,
    "gte": lambda left, right: left >= right,
    "lt": lambda left, right: left < right,
    "lte": lambda left, right: left <= right,
}


def compare(field: str, attribute: Any, column: Any, lookup: str, value: Any, dialect: str) -> Any:
    """A SQL condition with bound values only. RequestError when the value does not fit."""
    if lookup == "isnull":
        return attribute.is_(None) if value else attribute.isnot(None)
    if lookup in ("in", "range"):
        return compare_list(field, attribute, column, lookup, value)
    if lookup in TEXT_LOOKUPS:
        return compare_text(field, attribute, column, lookup, value, dialect)
    return ORDERED[lookup](attribute, bound(coerce(field, column, value)))


def bound(value: Any) -> Any:
    """SQLAlchemy refuses `column > True` unless the value is already a parameter."""
    return literal(value) if isinstance(value, bool) else value


def compare_list(field: str, attribute: Any, column: Any, lookup: str, value: Any) -> Any:
    if lookup == "in":
        return attribute.in_([coerce(field, column, item) for item in value])
    low, high = (bound(coerce(field, column, item)) for item in value)
    return and_(attribute >= low, attribute <= high)


def compare_text(field: str, attribute: Any, column: Any, lookup: str, value: Any, dialect: str) -> Any:
    if python_type(column) is not str or getattr(column.type, "enums", None):
        name = type(column.type).__name__
        raise RequestError("{}__{} works on text columns, {} is {}".format(field, lookup, field, name))
    text = coerce(field, column, value)
    if lookup == "iexact":
        return func.lower(attribute) == func.lower(text)
    ignore_case = lookup.startswith("i")
    before = "" if "startswith" in lookup else "%"
    after = "" if "endswith" in lookup else "%"
    if ignore_case:
        pattern = before + escape_like(text) + after
        return func.lower(attribute).like(func.lower(pattern), escape="/")
    if dialect == "sqlite":  # LIKE ignores ASCII case on SQLite, GLOB does not
        return attribute.bool_op("GLOB")(before.replace("%", "*") + escape_glob(text) + after.replace("%", "*"))
    return attribute.like(before + escape_like(text) + after, escape="/")


def escape_like(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def escape_glob(text: str) -> str:
    return "".join("[" + char + "]" if char in "*?[" else char for char in text)
