"""What the rows of a database look like, in numbers that tell whether a migration kept them."""

from __future__ import annotations

import zlib
from typing import Any

from sqlalchemy import MetaData, func, inspect, select

MOST_ROWS = 100_000  # whose values are compared; all are counted


def row_marks(connection: Any, version_table: str) -> dict[str, dict[str, Any]]:
    """For each table the number of rows, and for each column a checksum of its values with their keys."""
    tables = MetaData()
    tables.reflect(connection)
    found = [table for table in tables.sorted_tables if table.name != version_table]
    return {table.fullname: marks_of(table, connection) for table in found}


def marks_of(table: Any, connection: Any) -> dict[str, Any]:
    keys = list(table.primary_key.columns) or list(table.columns)
    names = [column.name for column in table.columns]
    sums = dict.fromkeys(names, 0)
    positions = [names.index(key.name) for key in keys]
    rows = connection.execute(select(*table.columns).order_by(*table.primary_key.columns).limit(MOST_ROWS))
    for row in rows:
        key = repr([row[position] for position in positions])
        for name, value in zip(names, row):
            sums[name] += zlib.crc32((key + repr(value)).encode("utf-8", "surrogatepass"))
    count = connection.execute(select(func.count()).select_from(table)).scalar()
    return {"rows": count, "columns": sums}


def lost(before: Any, after: Any, operations: list[dict[str, Any]]) -> list[str]:
    """Sentences about rows and values that are not as they were, although the migration does not say so."""
    changed = {(item["table"], item["column"]) for item in operations if item["kind"] == "alter_column"}
    renamed = {(item["table"], item["column"]): item["name"] for item in operations if item["kind"] == "rename_column"}
    found = []
    for table, marks in before.items():
        now = after.get(table)
        if now is None:
            continue  # a table that is dropped on purpose; one that is not is drift
        if marks["rows"] != now["rows"]:
            found.append("{} had {:,} rows and has {:,}".format(table, marks["rows"], now["rows"]))
            continue
        for column, mark in marks["columns"].items():
            name = renamed.get((table, column), column)
            if not {(table, column), (table, name)} & changed and now["columns"].get(name, mark) != mark:
                found.append("the values of {}.{} changed".format(table, column))
    return found


def shape(connection: Any, version_table: str) -> dict[str, Any]:
    """Columns, indexes and keys of every table, to compare two states of a database."""
    inspector = inspect(connection)
    found = {}
    for table in set(inspector.get_table_names()) - {version_table}:
        indexes = inspector.get_indexes(table)
        found[table] = {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)),
            "indexes": sorted((str(i["name"]), str(i["column_names"]), bool(i["unique"])) for i in indexes),
            "checks": sorted(str(c["name"]) for c in inspector.get_check_constraints(table)),
            "foreign keys": sorted(str(k["constrained_columns"]) for k in inspector.get_foreign_keys(table)),
        }
    return found


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    found = ["table {}".format(name) for name in sorted(set(before) ^ set(after))]
    for table in sorted(set(before) & set(after)):
        found += ["{} of {}".format(part, table) for part in before[table] if before[table][part] != after[table][part]]
    return found


def checks_lost(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """A rebuilt table has only those CHECK constraints that have a name."""
    message = "a CHECK of {} that has no name would be lost: name it in the model and in the database first"
    lost_in = [
        table
        for table in sorted(set(before) & set(after))
        if before[table]["checks"].count("None") > after[table]["checks"].count("None")
    ]
    return [message.format(table) for table in lost_in]


def references(connection: Any, table: str) -> list[str]:
    """Tables whose rows go, or lose their reference, when the rows of `table` do."""
    inspector = inspect(connection)
    return sorted(
        other
        for other in inspector.get_table_names()
        for key in inspector.get_foreign_keys(other)
        if key["referred_table"] == table and other != table
    )
