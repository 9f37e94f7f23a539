"""The rows of a Django model that an update or a delete is about, found and counted before anything is touched."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import QuerySet

from .affected_rows import SHOWN, AffectedRows, expect_some, filters_of, limit_of
from .django_fields import key_fields
from .django_filters import DjangoFilters
from .django_images import key_columns, key_of, read, stored_key
from .django_indexes import own_tables
from .django_names import NAMES
from .django_query import understood
from .django_removal import DjangoRemoval
from .django_values import coerce
from .row_identity import parts
from .rows import RowWriter


class DjangoAffected(AffectedRows):
    """`images` has the rows with all their columns in each table of the model, the parents' first."""

    def __init__(self, model: Any, change: dict[str, Any], alias: str, lock: bool = False) -> None:
        limit = limit_of(change)
        with understood():
            self.rows = QuerySet(model, using=alias).filter(condition_of(model, change))
            self.keys = list(self.rows.order_by("pk").values_list("pk", flat=True)[: limit + 1])
        expect_some(self.keys, limit, model.__qualname__, self.rows.count)
        self.images = images_of(model, alias, self.keys, lock)
        if change["action"] == "delete":
            self.removal = DjangoRemoval(model, alias, self.keys, lock)

    def table_name(self, table: Any) -> str:
        return str(table._meta.db_table)


def condition_of(model: Any, change: dict[str, Any]) -> Any:
    """The condition for the primary key or the filter that was given."""
    fields = {field.attname: field for field in key_fields(model)}
    filters = filters_of(change, model.__qualname__, list(fields))
    if change.get("key") is not None:
        for name, value in filters.items():
            coerce(name, fields[name], value)
    return DjangoFilters().compile(model, model, filters)


def images_of(model: Any, alias: str, keys: list[Any], lock: bool = False) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The rows with these primary keys in each table of the model."""
    connection, found = connections[alias], []
    for meta in reversed(own_tables(model)):
        fields, groups = key_fields(meta.model), []
        for part in parts(keys):
            rows = QuerySet(model, using=alias).filter(pk__in=part)
            for values in rows.values_list(*[field.attname for field in fields]):
                groups.append(stored_key(connection, fields, values))
        images = read(connection, meta.model, key_columns(meta.model), groups, lock)
        found.append((meta.model, sorted(images, key=lambda image: key_of(meta.model, image))))
    return found


def shown_rows(model: Any, alias: str, keys: list[Any]) -> list[dict[str, Any]]:
    """The first of these rows as a query would show them: without secrets."""
    writer = RowWriter(NAMES.visible_fields(model))
    rows = QuerySet(model, using=alias).filter(pk__in=keys[:SHOWN]).order_by("pk")
    for row in rows.values_list(*writer.names):
        writer.add(row)
    return writer.rows


def named_key(model: Any, row: dict[str, Any]) -> dict[str, Any]:
    """The primary key of a shown row."""
    return {field.attname: row[field.attname] for field in key_fields(model) if field.attname in row}
