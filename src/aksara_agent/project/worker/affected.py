"""The rows that an update or a delete is about, found and counted before anything is touched."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, inspect, select

from .affected_rows import SHOWN, AffectedRows, expect_some, filters_of, limit_of
from .column_values import coerce
from .failures import RequestError
from .filters import FilterCompiler
from .images import among, identity_columns, key_of, read
from .mapped import hidden_field, visible_fields
from .removal import Removal
from .row_identity import parts
from .rows import RowWriter
from .stored import encode, selected


class Affected(AffectedRows):
    """The rows with all their columns in each table of the model; for a delete also all that goes with them."""

    def __init__(self, model: Any, change: dict[str, Any], connection: Any, lock: bool = False) -> None:
        self.model, self.connection = model, connection
        self.compiler = FilterCompiler(connection.dialect.name)
        self.condition = condition_of(model, change, self.compiler)
        self.keys = self.find(limit_of(change))
        self.images = [(table, self.images_in(table, lock)) for table in inspect(model).tables]
        if change["action"] == "delete":
            self.removal = Removal(connection, lock)
            for table, images in self.images:
                self.removal.add(table, images)

    def find(self, limit: int) -> list[list[Any]]:
        """The stored primary keys, in their order. RequestError for none, and for more than the limit."""
        columns, name = inspect(self.model).primary_key, self.model.__qualname__
        statement = select(*[selected(column, self.compiler.dialect) for column in columns]).select_from(self.model)
        statement = statement.where(self.condition).order_by(*columns).limit(limit + 1)
        found = [[encode(c, v) for c, v in zip(columns, row)] for row in self.connection.execute(statement)]
        counted = select(func.count()).select_from(self.model).where(self.condition)
        expect_some(found, limit, name, lambda: self.connection.execute(counted).scalar())
        return found

    def images_in(self, table: Any, lock: bool) -> list[dict[str, Any]]:
        columns = identity_columns(table)
        if not list(table.primary_key.columns) or len(columns) != len(inspect(self.model).primary_key):
            message = "table {} has no primary key of its own: its rows cannot be changed one by one"
            raise RequestError(message.format(table.fullname))
        found = []
        for part in parts(self.keys):
            found += read(self.connection, table, among(columns, part, self.compiler.dialect), lock)
        return sorted(found, key=lambda image: key_of(table, image))

    def table_name(self, table: Any) -> str:
        return str(table.fullname)


def condition_of(model: Any, change: dict[str, Any], compiler: FilterCompiler) -> Any:
    """The condition for the primary key or the filter that was given."""
    filters = filters_of(change, model.__qualname__, key_fields(model))
    if change.get("key") is not None:
        for name, value in filters.items():
            coerce(name, getattr(model, name).property.columns[0], value)
    return compiler.compile(model, model, filters)


def key_fields(model: Any) -> list[str]:
    mapper = inspect(model)
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def shown_rows(model: Any, connection: Any, keys: list[list[Any]]) -> list[dict[str, Any]]:
    """The first of these rows as a query would show them: without secrets."""
    mapper, names = inspect(model), visible_fields(model)
    condition = among(list(mapper.primary_key), keys[:SHOWN], connection.dialect.name)
    attributes = [getattr(model, name) for name in names]
    writer = RowWriter(names)
    for row in connection.execute(select(*attributes).where(condition).order_by(*mapper.primary_key)):
        writer.add(row)
    return writer.rows


def named_key(model: Any, row: dict[str, Any]) -> dict[str, Any]:
    """The primary key of a shown row."""
    columns = inspect(model).primary_key
    named = zip(key_fields(model), columns)
    return {name: row[name] for name, column in named if not hidden_field(name, column)}
