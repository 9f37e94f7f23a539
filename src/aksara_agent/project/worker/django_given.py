"""The values that a row of a Django model is to get, checked before anything is written."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from .django_fields import key_fields, type_text
from .django_names import NAMES
from .django_values import coerce, python_type
from .failures import RequestError
from .given_rules import check_length, check_object, refuse_key, refuse_missing, refuse_secret, unsettable
from .suggest import did_you_mean
from .values import one_of


def checked_values(model: Any, values: Any, creating: bool) -> dict[str, Any]:
    """The values by attname as Python objects. RequestError says which one cannot be taken and why."""
    check_object(values)
    checked: dict[str, Any] = {}
    for name, value in values.items():
        field = writable_field(model, name)
        if field.attname in checked:
            raise RequestError("{} is given twice, as {} too".format(field.attname, name))
        if not creating and field in key_fields(model):
            raise refuse_key(name, model.__qualname__)
        checked[field.attname] = checked_value(name, field, value)
    if creating:
        missing = [f for f in model._meta.concrete_fields if f.attname not in checked and needs_value(f)]
        secret = [f.attname for f in missing if NAMES.is_hidden(f.attname, f)]
        refuse_missing(model.__qualname__, {f.attname: type_text(f) for f in missing}, secret)
    return checked


def checked_value(name: str, field: Any, value: Any) -> Any:
    """Converted, then judged by the field itself: its choices, its validators, the row that it refers to."""
    if value is None:
        if not field.null:
            raise RequestError("{} cannot be NULL: give {}".format(name, type_text(field)))
        return None
    try:
        converted = convert(name, field, value)
        choices = [key for key, _ in field.flatchoices]
        if choices and converted not in field.empty_values:
            one_of(name, choices, converted)
        check_length(name, converted, field.max_length)
        return field.clean(converted, None)
    except ValidationError as error:
        raise RequestError("{}: {}".format(name, " ".join(error.messages))) from error


def convert(name: str, field: Any, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        raise unsettable(name, type(field).__name__)
    item = getattr(field, "base_field", None)  # of an ArrayField
    if item is not None:
        if not isinstance(value, list):
            raise RequestError("{} expects a list, not {!r:.80}".format(name, value))
        return [None if one is None else convert(name, item, one) for one in value]
    return field.to_python(value) if python_type(field) is None else coerce(name, field, value)


def writable_field(model: Any, name: str) -> Any:
    """The field by its name or attname. RequestError for relations to many, secrets and computed fields."""
    relation = NAMES.relations(model).get(NAMES.by_accessor(model, name))
    attname = relation.attname if isinstance(relation, models.ForeignKey) else name
    columns, model_name = NAMES.columns(model), model.__qualname__
    if relation is not None and attname not in columns:
        raise RequestError("{}.{} is a relation: write its rows instead".format(model_name, name))
    if attname not in columns:
        hint = did_you_mean(name, NAMES.visible_fields(model))
        raise RequestError("{} has no field {!r}: {}".format(model_name, name, hint))
    field = columns[attname]
    if NAMES.is_hidden(attname, field):
        raise refuse_secret(model_name, name)
    if getattr(field, "generated", False):
        raise RequestError("{}.{} is computed by the database".format(model_name, name))
    return field


def needs_value(field: Any) -> bool:
    """True when neither the model nor the database fills the field."""
    filled = field.null or field.blank or field.has_default() or getattr(field, "generated", False)
    by_database = getattr(field, "db_default", models.NOT_PROVIDED) is not models.NOT_PROVIDED
    return not (filled or by_database or getattr(field.remote_field, "parent_link", False))


def validate(instance: Any, given: dict[str, Any]) -> None:
    """What the model as a whole says: clean(), unique fields, constraints. RequestError in the project's words."""
    # A missing value that the column may hold is fine here, also where a form would ask for one (blank=False).
    others = {field.name for field in instance._meta.concrete_fields if given.get(field.attname) is None}
    try:
        instance.full_clean(exclude=others)
    except ValidationError as error:
        raise RequestError(sentence(error)) from error


def sentence(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    said = error.message_dict.items()
    return "; ".join(("" if name == "__all__" else name + ": ") + " ".join(texts) for name, texts in said)
