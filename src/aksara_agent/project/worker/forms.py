"""Values as JSON that can be turned back into exactly what they were."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import enum
import json
import math
import uuid
from typing import Any, Callable

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


def to_json(value: Any) -> Any:
    """The value as JSON; one of a type that we cannot write back becomes {"repr": …}."""
    if isinstance(value, enum.Enum):
        return {"repr": repr(value)}
    if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    for name, (kinds, write, _) in FORMS.items():
        if isinstance(value, kinds):
            return {name: write(value)}
    if isinstance(value, (list, tuple)):
        return {"list": [to_json(item) for item in value]}
    if isinstance(value, dict) and json.loads(json.dumps(value, default=str)) == value:
        return {"json": value}
    return {"repr": repr(value)}


def from_json(value: Any) -> Any:
    """The value that ``to_json`` was given."""
    if not isinstance(value, dict):
        return value
    ((name, content),) = value.items()
    if name == "list":
        return [from_json(item) for item in content]
    return content if name in ("json", "repr") else FORMS[name][2](content)


def lossless(image: dict[str, Any]) -> bool:
    """True when every value of the row can be written back."""
    return '{"repr": ' not in json.dumps([value for value in image.values() if not isinstance(value, str)])
