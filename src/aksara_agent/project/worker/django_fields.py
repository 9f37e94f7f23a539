"""One field of a Django model as data."""

from __future__ import annotations

from typing import Any

from django.db import models

from .hidden import is_hidden

MOST_CHOICES = 20


def describe_field(field: Any, leading: set[Any], unique: set[Any]) -> dict[str, Any]:
    """`indexed` is true when a lookup by this column alone can use an index."""
    return {
        "name": field.name,
        "column": field.column,
        "type": type_text(field),
        "nullable": bool(field.null),
        "primary_key": field in key_fields(field.model),
        "unique": field in unique,
        "indexed": field in leading,
        "default": default_text(field),
        "foreign_key": foreign_key(field),
        "hidden": is_hidden(field.name, field.attname, field.column),
    }


def key_fields(model: Any) -> list[Any]:
    """The primary key's fields, several since composite keys of Django 5.2."""
    return list(getattr(model._meta, "pk_fields", None) or [model._meta.pk])


def type_text(field: Any) -> str:
    """ "CharField(200)", "DecimalField(10, 2)", "CharField(8, choices: draft, live)", "ForeignKey(shop.Product)"."""
    details = []
    if isinstance(field, models.ForeignKey):
        details.append(field.related_model._meta.label)
    elif isinstance(field, models.DecimalField):
        details += [str(field.max_digits), str(field.decimal_places)]
    elif field.max_length and not isinstance(field, models.UUIDField):
        details.append(str(field.max_length))
    choices = [str(value) for value, _ in field.flatchoices]
    if choices:
        more = ", …" if len(choices) > MOST_CHOICES else ""
        details.append("choices: " + ", ".join(choices[:MOST_CHOICES]) + more)
    return "{}({})".format(type(field).__name__, ", ".join(details)) if details else type(field).__name__


def default_text(field: Any) -> str | None:
    """What fills the field when nothing is given: a value, a function's name, or the database's expression."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "auto_now" if field.auto_now else "auto_now_add"
    if getattr(field, "generated", False):
        return "generated: {}".format(field.expression)
    if field.default is not models.NOT_PROVIDED:
        if callable(field.default):
            return "{}()".format(getattr(field.default, "__qualname__", type(field.default).__name__))
        return repr(getattr(field.default, "value", field.default))  # a member of TextChoices stands for its value
    server = getattr(field, "db_default", models.NOT_PROVIDED)
    return None if server is models.NOT_PROVIDED else "server: {}".format(getattr(server, "value", server))


def foreign_key(field: Any) -> str | None:
    """ "shop_product.id", also where the database has no constraint for it."""
    if not isinstance(field, models.ForeignKey):
        return None
    return "{}.{}".format(field.related_model._meta.db_table, field.target_field.column)
