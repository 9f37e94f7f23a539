"""Where the database, the migrations and the models of a Django project differ."""

from __future__ import annotations

from typing import Any

from django.db import Error

from .django_database import alias_of
from .django_indexes import indexes_of, unique_groups
from .django_migrations import migration_notes
from .django_readonly import limit, opened
from .failures import RequestError

REFLECT_SECONDS = 5.0


def compare_with_database(described: dict[str, Any], tables: list[Any], model: Any) -> list[str]:
    """Notes about differences; a field is also `indexed` when only the database has the index.

    Without a readable database there is nothing to compare: the list is empty.
    """
    try:
        # Only our own questions run here, so the file's read-only mode is enough for SQLite.
        with opened(alias_of(model)) as connection:
            if connection.vendor != "sqlite":
                limit(connection, REFLECT_SECONDS)
            notes = migration_notes(connection, sorted({meta.app_label for meta in tables}))
            for meta in tables:
                if meta.managed:
                    notes += compare_table(described, meta, connection)
            return notes
    except RequestError:
        return []
    except Error as error:
        return ["the indexes in the database could not be read: {}".format(error)]


def compare_table(described: dict[str, Any], meta: Any, connection: Any) -> list[str]:
    table = meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor, include_views=True):
            return ["table {} is not in the database yet; run your migrations".format(table)]
        existing = connection.introspection.get_constraints(cursor, table)
    indexes = {tuple(item["columns"]): name for name, item in existing.items() if item["index"]}
    unique = {tuple(item["columns"]) for item in existing.values() if item["unique"] or item["primary_key"]}
    declared = {tuple(index["columns"]) for index in indexes_of(meta) if "(" not in "".join(index["columns"])}
    declared_unique = {tuple(group) for group in unique_groups(meta)}
    name_indexes(described, indexes)
    notes = []
    for group in sorted(group for group in set(indexes) - declared - declared_unique if group and all(group)):
        if group not in unique:
            mark_indexed(described, group[0])
            message = "the database has an index on {}({}) that the model does not declare"
            notes.append(message.format(table, ", ".join(group)))
    for group in sorted(declared - set(indexes) - unique):
        message = "the index on {}({}) is declared in the model but missing in the database; create a migration"
        notes.append(message.format(table, ", ".join(group)))
    for group in sorted(declared_unique - unique):
        message = "{}({}) is unique in the model but not in the database; create a migration"
        notes.append(message.format(table, ", ".join(group)))
    return notes


def name_indexes(described: dict[str, Any], existing: dict[tuple[str, ...], str]) -> None:
    """Indexes of db_index have no name in the model, only in the database."""
    for index in described["indexes"]:
        if index["name"].startswith(("db_index of", "index_together")):
            index["name"] = existing.get(tuple(index["columns"]), index["name"])


def mark_indexed(described: dict[str, Any], column: str) -> None:
    for field in described["fields"]:
        if field["column"] == column:
            field["indexed"] = True
