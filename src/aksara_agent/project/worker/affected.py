"""The rows that an update or a delete is about, found and counted before anything is touched."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import func, inspect, select

from .column_values import coerce
from .failures import RequestError
from .filters import FilterCompiler
from .images import among, identity_columns, key_of, parts, read
from .mapped import hidden_field, visible_fields
from .removal import Removal
from .rows import RowWriter
from .stored import encode, selected
from .suggest import did_you_mean

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 10_000
SHOWN = 20


class Affected:
    """The rows with all their columns in each table of the model; for a delete also all that goes with them."""

    def __init__(self, model: Any, change: dict[str, Any], connection: Any, lock: bool = False) -> None:
        self.model, self.connection = model, connection
        self.compiler = FilterCompiler(connection.dialect.name)
        self.condition = condition_of(model, change, self.compiler)
        self.keys = self.find(limit_of(change))
        self.images = [(table, self.images_in(table, lock)) for table in inspect(model).tables]
        self.removal: Any = None
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
        if not found:
            raise RequestError("no {} matches: nothing was changed".format(name))
        if len(found) > limit:
            counted = select(func.count()).select_from(self.model).where(self.condition)
            message = (
                "{:,} {} rows match, more than limit={:,}: narrow the filter, or give a higher limit (at most {:,})"
            )
            raise RequestError(message.format(self.connection.execute(counted).scalar(), name, limit, LARGEST_LIMIT))
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

    def fingerprint(self) -> str:
        """ "3:9f86d0…": the number of rows and a hash of everything that stands in them and goes with them."""
        rows = [[table.fullname, images] for table, images in self.images]
        if self.removal is not None:
            also = [(t.fullname, key) for t, found in self.removal.emptied.items() for key in found]
            rows += [[t.fullname, sorted(found)] for t, found in self.removal.gone.items()]
            rows += [sorted(also), sorted(self.removal.refused().items())]
        text = json.dumps(rows, sort_keys=True)
        return "{}:{}".format(len(self.keys), hashlib.sha256(text.encode("utf-8")).hexdigest()[:32])

    def check(self, expected: str | None) -> None:
        """RequestError when these are not the rows that somebody has approved."""
        if expected and expected != self.fingerprint():
            message = "the rows changed after they were approved ({} then, {} now): nothing was written; ask again"
            raise RequestError(message.format(expected.partition(":")[0], len(self.keys)))

    def refuse_side_effects(self, cascade: bool) -> None:
        """RequestError when rows would be left pointing nowhere, or others would go that nobody spoke of."""
        refused = self.removal.refused()
        if refused:
            counts = ", ".join("{} rows by {}".format(number, name) for name, number in refused.items())
            raise RequestError("nothing was deleted: {} still refer to it; change or delete them first".format(counts))
        related = self.removal.related()
        if related and not cascade:
            counts = ", ".join("{action} {count} rows by {through}".format(**item) for item in related)
            message = "nothing was deleted: it would also {}; say cascade=true if that is wanted"
            raise RequestError(message.format(counts))


def condition_of(model: Any, change: dict[str, Any], compiler: FilterCompiler) -> Any:
    """The condition for the primary key or the filter that was given; one of them, and never an empty one."""
    key, filters = change.get("key"), change.get("filters")
    if (key is None) == (filters is None):
        raise RequestError("say which rows: give either key or filters")
    if key is not None:
        filters = key_filter(model, key)
    if not filters:
        message = 'an empty filter matches every row; if that is meant, say {{"{}__isnull": false}}'
        raise RequestError(message.format(key_fields(model)[0]))
    return compiler.compile(model, model, filters)


def key_filter(model: Any, key: Any) -> dict[str, Any]:
    """The filter for a primary key: a value, or an object with each of its fields."""
    fields = key_fields(model)
    values = key if isinstance(key, dict) else {fields[0]: key} if len(fields) == 1 else {}
    for name in values:
        if name not in fields:
            raise RequestError("{!r} is no part of the primary key: {}".format(name, did_you_mean(name, fields)))
    if set(values) != set(fields) or None in values.values():
        example = ", ".join('"{}": …'.format(name) for name in fields)
        raise RequestError("the primary key of {} is {{{}}}, not {!r:.80}".format(model.__qualname__, example, key))
    for name, value in values.items():
        coerce(name, getattr(model, name).property.columns[0], value)
    return values


def key_fields(model: Any) -> list[str]:
    mapper = inspect(model)
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def limit_of(change: dict[str, Any]) -> int:
    limit = change.get("limit")
    if limit is None:
        return DEFAULT_LIMIT
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LARGEST_LIMIT:
        raise RequestError("limit is a whole number from 1 to {:,}, not {!r}".format(LARGEST_LIMIT, limit))
    return limit


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
