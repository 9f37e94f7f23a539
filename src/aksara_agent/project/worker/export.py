"""Writes the rows of a query into a file, as they come from the database: never many of them in memory."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import enum
import json
import math
import os
from typing import Any, Callable, TextIO

from sqlalchemy import inspect

from .filters import FilterCompiler
from .query import build, null_notes
from .readonly import read_only

AT_ONCE = 1000
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would compute


def export_rows(model: Any, database: Any, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """How many rows were written, of which fields, and how many cells were made harmless."""
    query = request["query"]
    inspect(model).class_manager  # noqa: B018 - configure the mappers before anything is compiled
    compiler = FilterCompiler(database.url.get_backend_name())
    filters = query.get("filters") or {}
    condition = [compiler.compile(model, model, filters)] if filters else []
    names, statement, _ = build(model, query, condition)
    count = 0
    with read_only(database, seconds) as connection, open(request["path"], "x", encoding="utf-8", newline="") as file:
        lines = WRITERS[request["format"]](file, names, bool(request["guard"]))
        rows = connection.execute(statement.execution_options(stream_results=True, max_row_buffer=AT_ONCE))
        for part in rows.partitions(AT_ONCE):
            count += len(part)
            for row in part:
                lines.write(row)
        notes = null_notes(model, compiler, connection)
        file.flush()
        size = os.fstat(file.fileno()).st_size
    return {"rows": count, "fields": names, "bytes": size, "guarded": lines.guarded, "notes": notes}


class CsvLines:
    """Comma-separated values with a header; missing values are empty."""

    def __init__(self, file: TextIO, names: list[str], guard: bool) -> None:
        self.writer = csv.writer(file)
        self.writer.writerow(names)
        self.guard, self.guarded = guard, 0

    def write(self, row: Any) -> None:
        self.writer.writerow([self.cell(value) for value in row])

    def cell(self, value: Any) -> Any:
        """The value as text; text that a spreadsheet would compute gets a leading apostrophe."""
        plain = json_value(value)
        if isinstance(plain, bool):
            return "true" if plain else "false"
        if isinstance(plain, (list, dict)):
            plain = json.dumps(plain, ensure_ascii=False)
        if self.guard and isinstance(plain, str) and is_text(value) and plain.startswith(FORMULA):
            self.guarded += 1
            return "'" + plain
        return "" if plain is None else plain


class JsonLines:
    """One JSON object a line."""

    guarded = 0

    def __init__(self, file: TextIO, names: list[str], guard: bool) -> None:
        self.file, self.names = file, names

    def write(self, row: Any) -> None:
        values = {name: json_value(value) for name, value in zip(self.names, row)}
        self.file.write(json.dumps(values, ensure_ascii=False) + "\n")


WRITERS: dict[str, Callable[[TextIO, list[str], bool], Any]] = {"csv": CsvLines, "jsonl": JsonLines}


def is_text(value: Any) -> bool:
    """Whether somebody may have written the value; a negative number or a time span has not."""
    return isinstance(value, (str, list, dict, enum.Enum))


def json_value(value: Any) -> Any:
    """The whole value as JSON; numbers that JSON cannot hold exactly, and binary data, as text."""
    if isinstance(value, enum.Enum):
        return json_value(value.value)
    if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, (list, tuple)):
        return [json_value(item) for item in value]
    if isinstance(value, dict):
        return {str(name): json_value(item) for name, item in value.items()}
    return str(value)
