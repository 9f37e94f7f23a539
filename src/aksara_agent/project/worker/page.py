"""What every query has whatever the framework: its keys, its limits, its page."""

from __future__ import annotations

from typing import Any

from .failures import RequestError
from .rows import RowWriter
from .suggest import did_you_mean

LARGEST_LIMIT = 1000
DEFAULT_LIMIT = 50
KEYS = ("model", "fields", "filters", "order_by", "limit", "offset", "count", "aggregate", "group_by")


def limit_and_offset(request: dict[str, Any]) -> tuple[int, int]:
    """Checks the request's keys too. RequestError names the unknown key or the valid numbers."""
    for key in request:
        if key not in KEYS:
            raise RequestError("unknown query key {!r}: {}".format(key, did_you_mean(key, KEYS)))
    return whole_number(request, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT), whole_number(request, "offset", 0, 0, 2**31)


def whole_number(request: dict[str, Any], key: str, default: int, low: int, high: int) -> int:
    value = request.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RequestError("{} is a whole number from {} to {}, not {!r}".format(key, low, high, value))
    return value


def field_list(request: dict[str, Any]) -> list[Any]:
    """The fields asked for, [] for all."""
    fields = request.get("fields") or []
    if not isinstance(fields, list):
        raise RequestError("fields is a list of names, not {!r}".format(fields))
    return fields


def order_list(names: Any) -> list[tuple[Any, bool]]:
    """(name, descending) for each of ["-created_at", "title"]."""
    if isinstance(names, str):
        names = [names]
    if not isinstance(names or [], list):
        raise RequestError('order_by is a list such as ["-created_at"], not {!r}'.format(names))
    return [
        (name[1:], True) if isinstance(name, str) and name.startswith("-") else (name, False) for name in names or []
    ]


def fill(writer: RowWriter, rows: Any) -> None:
    for row in rows:
        writer.add(row)
        if writer.full:
            break


def make_page(
    writer: RowWriter, total: int, limit: int, offset: int, statement: str, notes: list[str]
) -> dict[str, Any]:
    after = offset + len(writer.rows)
    more = after < total and bool(writer.rows)
    return {
        "rows": writer.rows,
        "total": total,
        "limit": limit,
        "offset": offset,
        "next_offset": after if more else None,
        "statement": statement,
        "notes": writer.notes() + notes,
    }


def null_note(field: str, lookup: str, empty: int) -> str:
    """Says which rows a comparison could not see, or a negation let in, because the value is missing."""
    if lookup == "not":
        message = (
            'rows whose {0} is NULL are matched by "not"; {1} such rows exist: add {{"{0}__isnull": false}} '
            "to leave them out"
        )
        return message.format(field, empty)
    message = (
        "rows whose {0} is NULL are not matched by {1}; {2} such rows exist: "
        'add {{"or": [..., {{"{0}__isnull": true}}]}} to include them'
    )
    return message.format(field, lookup, empty)


def choices_note(field: str, known: list[Any], values: list[Any]) -> list[str]:
    """The database may hold other values than the choices, so an unknown one is worth a note, not an error."""
    strange = [value for value in values if known and value not in known]
    if not strange:
        return []
    message = "{} has the choices {}; {} is none of them"
    return [message.format(field, ", ".join(map(repr, known)), ", ".join(map(repr, strange)))]
