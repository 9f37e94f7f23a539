"""The value that an SQLAlchemy column compares with."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.types import TypeDecorator

from .values import CONVERTERS, as_kind, enum_value, not_comparable, one_of, to_datetime


def coerce(field: str, column: Any, value: Any) -> Any:
    """The value as the column's Python type. RequestError naming the value and the expected type."""
    kind = python_type(column)
    enum_class = getattr(column.type, "enum_class", None)
    if enum_class is not None:
        return enum_value(field, enum_class, value)
    if getattr(column.type, "enums", None):
        return one_of(field, list(column.type.enums), value)
    if kind not in CONVERTERS:
        raise not_comparable(field, type(column.type).__name__)
    if kind is dt.datetime:
        return to_datetime(field, value, bool(getattr(column.type, "timezone", False)))
    return as_kind(field, kind, value)


def python_type(column: Any) -> Any:
    try:
        kind = bare_type(column.type).python_type
    except NotImplementedError:
        return None
    return kind


def bare_type(kind: Any) -> Any:
    """The type beneath a TypeDecorator, such as SQLModel's AutoString, which does not say what it takes."""
    while isinstance(kind, TypeDecorator):
        kind = kind.impl
    return kind
