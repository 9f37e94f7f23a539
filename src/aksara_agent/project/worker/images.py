"""Rows of a table as images: every column by name, hidden ones too, found again by their identity."""

from __future__ import annotations

import functools
import json
from typing import Any, Iterable, Iterator

from sqlalchemy import and_, bindparam, delete, insert, or_, select, update

from .hidden import is_hidden
from .stored import bound, decode, encode, kind_of, selected

AT_ONCE = 100  # rows in one statement: SQLite takes 999 parameters in old versions


def identity_columns(table: Any) -> list[Any]:
    """The primary key; a table without one is told apart by whole rows."""
    return list(table.primary_key.columns) or list(table.columns)


def key_of(table: Any, image: dict[str, Any]) -> str:
    """The row's identity, as text to compare and to look up by."""
    return json.dumps([image[column.name] for column in identity_columns(table)], sort_keys=True)


def label(table: Any, image: dict[str, Any]) -> str:
    """ "users id=3", for people."""
    shown = []
    for column in identity_columns(table)[:4]:
        value = image[column.name]
        plain = next(iter(value.values())) if isinstance(value, dict) else value
        shown.append("{}={}".format(column.name, "***" if is_hidden(column.name) else plain))
    return "{} {}".format(table.fullname, ", ".join(shown))


def read(connection: Any, table: Any, condition: Any, lock: bool = False) -> list[dict[str, Any]]:
    """The images of all rows that match; locked until the transaction ends, where the database can."""
    dialect = connection.dialect.name
    statement = select(*[selected(column, dialect) for column in table.columns]).where(condition)
    if lock:
        statement = statement.with_for_update(of=table) if dialect == "postgresql" else statement.with_for_update()
    rows = connection.execute(statement)
    return [{column.name: encode(column, value) for column, value in zip(table.columns, row)} for row in rows]


def reread(connection: Any, table: Any, images: list[dict[str, Any]], lock: bool = False) -> dict[str, dict[str, Any]]:
    """The same rows as they are now, by identity; one that is gone is missing."""
    found = {}
    for part in parts(images):
        for image in read(connection, table, same_rows(table, part, connection.dialect.name), lock):
            found[key_of(table, image)] = image
    return found


def same_rows(table: Any, images: list[dict[str, Any]], dialect: str) -> Any:
    """The condition that exactly these rows meet."""
    return among(
        identity_columns(table), [[image[c.name] for c in identity_columns(table)] for image in images], dialect
    )


def among(columns: list[Any], values: list[list[Any]], dialect: str) -> Any:
    """The condition that the columns hold one of these groups of stored values."""
    if len(columns) == 1 and [None] not in values:
        column = columns[0]
        return selected(column, dialect).in_([decode(column, value) for (value,) in values])
    return or_(*[and_(*[equal(c, v, dialect) for c, v in zip(columns, group)]) for group in values])


def equal(column: Any, value: Any, dialect: str) -> Any:
    if value is None:
        return column.is_(None)
    return selected(column, dialect) == bound(column, value, dialect)


def parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    """The items in lists that fit into one statement."""
    waiting = list(items)
    for start in range(0, len(waiting), AT_ONCE):
        yield waiting[start : start + AT_ONCE]


def remove(connection: Any, table: Any, images: list[dict[str, Any]]) -> int:
    """Delete these rows; how many there were."""
    dialect, gone = connection.dialect.name, 0
    for part in parts(images):
        gone += connection.execute(delete(table).where(same_rows(table, part, dialect))).rowcount
    return gone


def put_back(connection: Any, table: Any, image: dict[str, Any]) -> None:
    """Insert a row with all its stored values."""
    connection.execute(insert_of(table, connection.dialect.name), values_of(table, image))


def overwrite(connection: Any, table: Any, image: dict[str, Any]) -> int:
    """Give the row with this primary key the stored values of the image."""
    return int(connection.execute(update_of(table, connection.dialect.name), values_of(table, image)).rowcount)


@functools.lru_cache(maxsize=100)
def insert_of(table: Any, dialect: str) -> Any:
    return insert(table).values({column: parameter(column, dialect) for column in writable(table)})


@functools.lru_cache(maxsize=100)
def update_of(table: Any, dialect: str) -> Any:
    keys = list(table.primary_key.columns)
    same = [selected(column, dialect) == parameter(column, dialect) for column in keys]
    others = [column for column in writable(table) if column not in set(keys)]
    return update(table).where(*same).values({column: parameter(column, dialect) for column in others})


def parameter(column: Any, dialect: str) -> Any:
    """A named place for a stored value of the column."""
    return bindparam("stored_" + column.name, type_=kind_of(column, dialect))


def values_of(table: Any, image: dict[str, Any]) -> dict[str, Any]:
    return {"stored_" + column.name: decode(column, image[column.name]) for column in writable(table)}


def writable(table: Any) -> list[Any]:
    """The columns that the database does not compute itself."""
    return [column for column in table.columns if column.computed is None]
