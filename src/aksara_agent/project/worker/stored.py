"""Column values as JSON that can be written back exactly as they were."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import enum
import json
import math
import uuid
from typing import Any, Callable

from sqlalchemy import bindparam, type_coerce
from sqlalchemy.types import UserDefinedType


class AsStored(UserDefinedType):  # type: ignore[type-arg, unused-ignore]
    """The driver's own value. SQLite keeps what it is given, and a column's type would tidy it up on the way."""

    cache_ok = True


def selected(column: Any, dialect: str) -> Any:
    """The column as it is to be read and compared."""
    return type_coerce(column, AsStored()) if dialect == "sqlite" else column


def bound(column: Any, value: Any, dialect: str) -> Any:
    """A stored value as a parameter that the column takes unchanged."""
    return bindparam(None, decode(column, value), type_=kind_of(column, dialect), unique=True)


def kind_of(column: Any, dialect: str) -> Any:
    return AsStored() if dialect == "sqlite" else column.type


FORMS: dict[str, tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "datetime": (dt.datetime, lambda value: value.isoformat(), dt.datetime.fromisoformat),
    "date": (dt.date, lambda value: value.isoformat(), dt.date.fromisoformat),
    "time": (dt.time, lambda value: value.isoformat(), dt.time.fromisoformat),
    "span": (
        dt.timedelta,
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda parts: dt.timedelta(*parts),
    ),
    "decimal": (decimal.Decimal, str, decimal.Decimal),
    "uuid": (uuid.UUID, str, uuid.UUID),
    "bytes": (
        (bytes, bytearray, memoryview),
        lambda value: base64.b64encode(bytes(value)).decode("ascii"),
        base64.b64decode,
    ),
    "float": (float, repr, float),
}


def encode(column: Any, value: Any) -> Any:
    """The value as JSON; one of a type that we cannot write back becomes {"repr": …}."""
    if isinstance(value, enum.Enum):
        known = getattr(column.type, "enum_class", None) is type(value)
        return {"enum": value.name} if known else {"repr": repr(value)}
    if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    for name, (kinds, write, _) in FORMS.items():
        if isinstance(value, kinds):
            return {name: write(value)}
    if isinstance(value, (list, tuple)):
        return {"list": [encode(column, item) for item in value]}
    if isinstance(value, dict) and json.loads(json.dumps(value, default=str)) == value:
        return {"json": value}
    return {"repr": repr(value)}


def decode(column: Any, value: Any) -> Any:
    """The value that ``encode`` was given."""
    if not isinstance(value, dict):
        return value
    ((name, content),) = value.items()
    if name == "enum":
        return column.type.enum_class[content]
    if name == "list":
        return [decode(column, item) for item in content]
    return content if name in ("json", "repr") else FORMS[name][2](content)


def lossless(image: dict[str, Any]) -> bool:
    """True when every value of the row can be written back."""
    return '{"repr": ' not in json.dumps([value for value in image.values() if not isinstance(value, str)])
