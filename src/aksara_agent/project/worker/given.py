"""The values that a row is to get, checked against the model before anything is written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, inspect

from .column_values import bare_type, coerce, python_type
from .columns import type_text
from .failures import RequestError
from .given_rules import check_length, check_object, refuse_key, refuse_missing, refuse_secret, unsettable
from .mapped import columns_of, hidden_field, relations_of, visible_fields
from .suggest import did_you_mean


def checked_values(model: Any, values: Any, creating: bool) -> dict[str, Any]:
    """The values by field as Python objects. RequestError says which one cannot be taken and why."""
    check_object(values)
    checked = {field: checked_value(model, field, value) for field, value in values.items()}
    if creating:
        require(model, checked)
    else:
        keys = set(inspect(model).primary_key)
        for field in checked:
            if columns_of(model)[field] in keys:
                raise refuse_key(field, model.__qualname__)
    return checked


def checked_value(model: Any, field: str, value: Any) -> Any:
    column = writable_column(model, field)
    if value is None:
        if not column.nullable:
            raise RequestError("{} cannot be NULL: give {}".format(field, type_text(column.type)))
        return None
    if isinstance(bare_type(column.type), JSON):
        return value
    if python_type(column) is list:
        return checked_list(field, column, value)
    if python_type(column) in (None, bytes, dict, object):
        raise unsettable(field, type(column.type).__name__)
    converted = coerce(field, column, value)
    if not getattr(column.type, "enums", None):
        check_length(field, converted, getattr(column.type, "length", None))
    return converted


def checked_list(field: str, column: Any, value: Any) -> list[Any]:
    item = getattr(column.type, "item_type", None)
    if item is None or not isinstance(value, list):
        raise RequestError("{} expects a list, not {!r:.80}".format(field, value))
    return [None if one is None else coerce(field, Item(item), one) for one in value]


class Item:
    """The items of an array, to `coerce` like a column."""

    def __init__(self, kind: Any) -> None:
        self.type = kind


def writable_column(model: Any, field: str) -> Any:
    columns, name = columns_of(model), model.__qualname__
    if field in relations_of(model):
        keys = [column.name for column in relations_of(model)[field].local_columns if column.foreign_keys]
        advice = "set {} instead".format(" and ".join(sorted(keys))) if keys else "write its rows instead"
        raise RequestError("{}.{} is a relation: {}".format(name, field, advice))
    if field not in columns:
        raise RequestError("{} has no field {!r}: {}".format(name, field, did_you_mean(field, visible_fields(model))))
    column = columns[field]
    if hidden_field(field, column):
        raise refuse_secret(name, field)
    if column.computed is not None or getattr(column.identity, "always", False):
        raise RequestError("{}.{} is computed by the database".format(name, field))
    return column


def require(model: Any, given: dict[str, Any]) -> None:
    """RequestError when a field that needs a value gets none, also one that may not be set here."""
    missing = [field for field in columns_of(model) if field not in given and needs_value(model, field)]
    secret = [field for field in missing if hidden_field(field, columns_of(model)[field])]
    kinds = {field: type_text(columns_of(model)[field].type) for field in missing}
    refuse_missing(model.__qualname__, kinds, secret)


def needs_value(model: Any, field: str) -> bool:
    """True when neither the model nor the database fills the field."""
    mapper, column = inspect(model), columns_of(model)[field]
    if column.nullable or column.default is not None or column.server_default is not None:
        return False
    if column.computed is not None or column.identity is not None:
        return False
    inherited = mapper.inherits is not None and column.primary_key and column.foreign_keys
    filled_by_mapper = (mapper.polymorphic_on, mapper.version_id_col)
    return not (column is column.table._autoincrement_column or inherited or any(column is c for c in filled_by_mapper))
