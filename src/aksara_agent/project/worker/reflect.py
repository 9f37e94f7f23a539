"""Where the database and the models differ: indexes only one of them has, tables not migrated yet."""

from __future__ import annotations

from typing import Any

from .failures import RequestError
from .readonly import connect_server, open_sqlite

REFLECT_SECONDS = 5.0


def compare_with_database(described: dict[str, Any], tables: list[Any], loaded: Any) -> list[str]:
    """Notes about differences; a field is also `indexed` when only the database has the index.

    Without a readable database there is nothing to compare: the list is empty.
    """
    from sqlalchemy.exc import SQLAlchemyError

    notes: list[str] = []
    try:
        connection = connect(loaded.database())
    except (RequestError, SQLAlchemyError):
        return notes
    try:
        for table in tables:
            notes += compare_table(described, table, connection)
    except SQLAlchemyError as error:
        notes.append("the indexes in the database could not be read: {}".format(error))
    finally:
        connection.close()
    return notes


def connect(database: Any) -> Any:
    """Only our own reflection queries run here, so the file's read-only mode is enough for SQLite."""
    if not database.is_sqlite:
        return connect_server(database, REFLECT_SECONDS)
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    path = database.sqlite_path()
    return create_engine("sqlite://", creator=lambda: open_sqlite(path), poolclass=NullPool).connect()


def compare_table(described: dict[str, Any], table: Any, connection: Any) -> list[str]:
    from sqlalchemy import inspect

    inspector = inspect(connection)
    if not inspector.has_table(table.name, schema=table.schema):
        return ["table {} is not in the database yet; run your migrations".format(table.fullname)]
    existing = {tuple(item["column_names"]) for item in inspector.get_indexes(table.name, table.schema)}
    unique = {tuple(item["column_names"]) for item in inspector.get_unique_constraints(table.name, table.schema)}
    declared = {tuple(column.name for column in index.columns) for index in table.indexes}
    constrained = {tuple(c.columns.keys()) for c in table.constraints if type(c).__name__ == "UniqueConstraint"}
    notes = []
    for columns in sorted(columns for columns in existing - declared - constrained if all(columns)):
        mark_indexed(described, columns[0])
        message = "the database has an index on {}({}) that the model does not declare"
        notes.append(message.format(table.name, ", ".join(columns)))
    for columns in sorted(declared - existing - unique):
        message = "the index on {}({}) is declared in the model but missing in the database; create a migration"
        notes.append(message.format(table.name, ", ".join(columns)))
    return notes


def mark_indexed(described: dict[str, Any], column: str) -> None:
    for field in described["fields"]:
        if field["column"] == column:
            field["indexed"] = True
