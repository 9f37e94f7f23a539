"""Database values as JSON-able values, with long ones cut."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import json
import math
import uuid
from typing import Any

LONGEST_TEXT = 2_000  # characters in one cell
LARGEST_PAGE = 200_000  # characters in one page of rows


class RowWriter:
    """Turns rows into dicts until the page is full; counts the texts it had to cut."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.rows: list[dict[str, Any]] = []
        self.cut = 0
        self.size = 0
        self.full = False

    def add(self, values: Any) -> None:
        """Append one row; sets `full` instead when the page would become too large."""
        row = {name: self.plain(value) for name, value in zip(self.names, values)}
        size = len(json.dumps(row))
        if self.rows and self.size + size > LARGEST_PAGE:
            self.full = True
            return
        self.size += size
        self.rows.append(row)

    def notes(self) -> list[str]:
        notes = []
        if self.cut:
            notes.append("{} long values were cut at {} characters".format(self.cut, LONGEST_TEXT))
        if self.full:
            notes.append(
                "the page was cut to {} rows because they are large; ask for fewer fields".format(len(self.rows))
            )
        return notes

    def plain(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.shorten(value)
        if value is None or isinstance(value, (bool, int)):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else str(value)
        if isinstance(value, (dt.datetime, dt.date, dt.time)):
            return value.isoformat()
        if isinstance(value, enum.Enum):
            return self.plain(value.value)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return "<{} bytes>".format(len(bytes(value)))
        if isinstance(value, (decimal.Decimal, uuid.UUID, dt.timedelta)):
            return str(value)
        return self.structure(value)

    def structure(self, value: Any) -> Any:
        """JSON columns keep their shape while they are short."""
        text = json.dumps(value, default=str)
        return json.loads(text) if len(text) <= LONGEST_TEXT else self.shorten(text)

    def shorten(self, text: str) -> str:
        if len(text) <= LONGEST_TEXT:
            return text
        self.cut += 1
        return text[:LONGEST_TEXT] + "… (cut, {} characters in all)".format(len(text))


def plain_row(values: dict[str, Any]) -> dict[str, Any]:
    """One row as it is shown."""
    writer = RowWriter(list(values))
    writer.add(list(values.values()))
    return writer.rows[0]
