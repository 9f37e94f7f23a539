"""Turns a JSON value into the value a field compares with, or says what the field expects; for every framework."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import math
import uuid
from typing import Any, Callable

from .failures import RequestError
from .times import current_moment, parse_moment

LARGEST_INTEGER = 2**63 - 1


def as_kind(field: str, kind: Any, value: Any) -> Any:
    """The value as one of the kinds of CONVERTERS. RequestError naming the value and the expected type."""
    if value is None or isinstance(value, (list, dict)):
        raise wrong(field, kind, value)
    try:
        return CONVERTERS[kind](value)
    except (ValueError, TypeError, ArithmeticError):
        raise wrong(field, kind, value) from None


def not_comparable(field: str, type_name: str) -> RequestError:
    message = "{} is a {} column: values cannot be compared with it, only isnull"
    return RequestError(message.format(field, type_name))


def wrong(field: str, kind: Any, value: Any) -> RequestError:
    shown = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "…"
    return RequestError("{} expects {}, not {}".format(field, EXPECTED.get(kind, kind.__name__), shown))


def to_text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    value.encode("utf-8")  # a lone surrogate fails here with ValueError, not later in the driver
    return value


def to_integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError
    number = int(value)
    if abs(number) > LARGEST_INTEGER:
        raise ValueError
    return number


def to_float(value: Any) -> float:
    if isinstance(value, bool) or not math.isfinite(float(value)):
        raise ValueError
    return float(value)


def to_decimal(value: Any) -> decimal.Decimal:
    number = decimal.Decimal(str(value))
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError
    return number


def to_boolean(value: Any) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    answer = known.get(str(value).lower()) if isinstance(value, (bool, int, str)) else None
    if answer is None:
        raise ValueError
    return answer


def to_datetime(field: str, value: Any, aware: bool, zone: dt.tzinfo = dt.timezone.utc) -> dt.datetime:
    """Aware for a column with time zone; the wall clock of `zone` for one without."""
    if not isinstance(value, str):
        raise wrong(field, dt.datetime, value)
    try:
        moment = parse_moment(value, current_moment().astimezone(zone)).astimezone(zone)
    except OverflowError:
        raise wrong(field, dt.datetime, value) from None
    except RequestError as error:
        raise RequestError("{}: {}".format(field, error)) from None
    return moment if aware else moment.replace(tzinfo=None)


def to_date(value: Any) -> dt.date:
    try:
        return parse_moment(to_text(value), current_moment()).date()
    except RequestError:
        raise ValueError from None


def enum_value(field: str, members: Any, value: Any) -> enum.Enum:
    """Accepts a member's name or its value."""
    for member in members:
        if value in (member.name, member.value):
            return member  # type: ignore[no-any-return]
    names = ", ".join(member.name for member in members)
    raise RequestError("{} expects one of {}, not {!r}".format(field, names, value))


def one_of(field: str, valid: list[Any], value: Any) -> Any:
    if value not in valid:
        raise RequestError("{} expects one of {}, not {!r}".format(field, ", ".join(map(str, valid)), value))
    return value


CONVERTERS: dict[Any, Callable[[Any], Any]] = {
    str: to_text,
    int: to_integer,
    float: to_float,
    decimal.Decimal: to_decimal,
    bool: to_boolean,
    dt.datetime: to_text,
    dt.date: to_date,
    dt.time: lambda value: dt.time.fromisoformat(to_text(value)),
    uuid.UUID: lambda value: uuid.UUID(to_text(value)),
}
EXPECTED = {
    str: "text",
    int: "a whole number",
    float: "a number",
    decimal.Decimal: "a number",
    bool: "true or false",
    dt.datetime: "a date and time",
    dt.date: "a date",
    dt.time: "a time such as 12:30",
    uuid.UUID: "a UUID",
}
