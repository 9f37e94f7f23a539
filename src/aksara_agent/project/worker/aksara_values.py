"""The kinds of Aksara's columns, and a JSON value as the value such a column compares with."""

from __future__ import annotations

import datetime as dt
import decimal
import json
import uuid
from typing import Any

from aksara.fields import Enum

from .values import as_kind, enum_value, not_comparable, to_datetime

KINDS = {
    **dict.fromkeys(["VARCHAR", "TEXT", "CHAR", "CITEXT"], str),
    **dict.fromkeys(["INTEGER", "SMALLINT", "BIGINT"], int),
    **dict.fromkeys(["DOUBLE PRECISION", "REAL"], float),
    **{"BOOLEAN": bool, "NUMERIC": decimal.Decimal, "UUID": uuid.UUID},
    **{"TIMESTAMP WITH TIME ZONE": dt.datetime, "DATE": dt.date, "TIME": dt.time},
}
# The type a value is sent as: wide enough for what the request holds.
CASTS = {
    **{str: "text", int: "bigint", float: "double precision", bool: "boolean", decimal.Decimal: "numeric"},
    **{uuid.UUID: "uuid", dt.datetime: "timestamptz", dt.date: "date", dt.time: "time"},
}


def kind_of(field: Any) -> Any:
    """The Python type of its values; None for JSON, arrays, vectors, bytes and others nobody compares with."""
    return KINDS.get(str(field.sql_type).partition("(")[0].strip().upper())


def is_text(field: Any) -> bool:
    return kind_of(field) is str and not isinstance(field, Enum)


def coerce(name: str, field: Any, value: Any) -> Any:
    """RequestError naming the value and the expected type."""
    if isinstance(field, Enum):
        return str(enum_value(name, field.enum_class, value).value)  # the column holds the member's value
    kind = kind_of(field)
    if kind is None:
        raise not_comparable(name, type(field).__name__)
    if kind is dt.datetime:
        return to_datetime(name, value, aware=True)
    return as_kind(name, kind, value)


def choices_of(field: Any) -> list[Any]:
    """The values a String field is meant to hold; a FilePath's `choices` is a method and no rule."""
    given = getattr(field, "choices", None)
    if not isinstance(given, (list, tuple)):
        return []
    return [item[0] if isinstance(item, (list, tuple)) and len(item) == 2 else item for item in given]


def decoded(field: Any, value: Any) -> Any:
    """The driver gives JSON columns as text."""
    if isinstance(value, str) and str(field.sql_type).upper().startswith("JSON"):
        return json.loads(value)
    return value
