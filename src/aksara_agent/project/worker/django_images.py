"""Rows of a Django model's own table as images: every column by name, as the driver gives it."""

from __future__ import annotations

from typing import Any

from .django_fields import key_fields
from .forms import from_json, to_json
from .row_identity import key_text, label_text, parts

SELECT = "SELECT {} FROM {} WHERE {}"


def tables() -> dict[str, Any]:
    """The model of each table by the table's name, also of those that Django makes for many-to-many relations."""
    from django.apps import apps

    found: dict[str, Any] = {}
    for model in apps.get_models(include_auto_created=True):
        concrete = model._meta.concrete_model
        found.setdefault(concrete._meta.db_table, concrete)
    return found


def key_columns(model: Any) -> list[str]:
    return [field.column for field in key_fields(model)]


def key_of(model: Any, image: dict[str, Any]) -> str:
    return key_text(key_columns(model), image)


def label(model: Any, image: dict[str, Any]) -> str:
    return label_text(model._meta.db_table, key_columns(model), image)


def read(
    connection: Any, model: Any, columns: list[str], groups: list[list[Any]], lock: bool = False
) -> list[dict[str, Any]]:
    """The images of the rows whose columns hold one of these groups of values; locked where the database can."""
    names = [field.column for field in model._meta.local_concrete_fields]
    # Of an expression SQLite does not know the declared type: the value comes as it is stored.
    sign = "+" if connection.vendor == "sqlite" else ""
    shown = ", ".join(sign + quoted(connection, name) for name in names)
    ending = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    found = []
    for part in parts(groups):
        condition, values = among(connection, columns, part)
        with connection.cursor() as cursor:
            cursor.execute(SELECT.format(shown, quoted(connection, model._meta.db_table), condition) + ending, values)
            found += [{name: to_json(value) for name, value in zip(names, row)} for row in cursor.fetchall()]
    return found


def reread(connection: Any, model: Any, images: list[dict[str, Any]], lock: bool = False) -> dict[str, dict[str, Any]]:
    """The same rows as they are now, by identity; one that is gone is missing."""
    rows = read(connection, model, key_columns(model), keys_of(model, images), lock)
    return {key_of(model, image): image for image in rows}


def remove(connection: Any, model: Any, images: list[dict[str, Any]]) -> int:
    """Delete these rows; how many there were."""
    gone = 0
    for part in parts(keys_of(model, images)):
        condition, values = among(connection, key_columns(model), part)
        gone += execute(connection, "DELETE FROM {} WHERE {}", model, condition, values=values)
    return gone


def put_back(connection: Any, model: Any, image: dict[str, Any]) -> None:
    """Insert a row with all its stored values."""
    names = writable(model)
    columns = ", ".join(quoted(connection, name) for name in names)
    places = ", ".join(["%s"] * len(names))
    values = [from_json(image[name]) for name in names]
    execute(connection, "INSERT INTO {} ({}) VALUES ({})", model, columns, places, values=values)


def overwrite(connection: Any, model: Any, image: dict[str, Any]) -> int:
    """Give the row with this primary key the stored values of the image."""
    names = [name for name in writable(model) if name not in key_columns(model)]
    if not names:  # nothing but a key: it stands as it is
        return len(reread(connection, model, [image]))
    assigned = ", ".join(quoted(connection, name) + " = %s" for name in names)
    condition, keys = among(connection, key_columns(model), keys_of(model, [image]))
    values = [from_json(image[name]) for name in names] + keys
    return execute(connection, "UPDATE {} SET {} WHERE {}", model, assigned, condition, values=values)


def execute(connection: Any, form: str, model: Any, *pieces: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(form.format(quoted(connection, model._meta.db_table), *pieces), values)
        return int(cursor.rowcount)


def among(connection: Any, columns: list[str], groups: list[list[Any]]) -> tuple[str, list[Any]]:
    """The condition that the columns hold one of these groups of values, and its parameters."""
    names = [quoted(connection, column) for column in columns]
    values = [from_json(value) for group in groups for value in group]
    if len(names) == 1:
        return "{} IN ({})".format(names[0], ", ".join(["%s"] * len(groups))), values
    one = "({})".format(" AND ".join(name + " = %s" for name in names))
    return " OR ".join([one] * len(groups)), values


def keys_of(model: Any, images: list[dict[str, Any]]) -> list[list[Any]]:
    return [[image[name] for name in key_columns(model)] for image in images]


def stored_key(connection: Any, fields: list[Any], values: Any) -> list[Any]:
    """The values of key fields as the database holds them."""
    return [to_json(field.get_db_prep_value(value, connection)) for field, value in zip(fields, values)]


def writable(model: Any) -> list[str]:
    """The columns that the database does not compute itself."""
    return [field.column for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def quoted(connection: Any, name: str) -> str:
    return str(connection.ops.quote_name(name)).replace("%", "%%")
