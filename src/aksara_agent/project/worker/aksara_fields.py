"""One field of an Aksara model as data."""

from __future__ import annotations

import enum
from typing import Any

from aksara.fields import Decimal, Enum, ForeignKey

from .aksara_names import NAMES
from .aksara_values import choices_of


def describe_field(field: Any, leading: set[str] | None) -> dict[str, Any]:
    """`leading`: the first columns of the indexes that really exist, None when the database is not known."""
    unique = bool(field.unique or field.primary_key)
    return {
        "name": field.name,
        "column": field.column_name,
        "type": type_text(field),
        "nullable": bool(field.nullable),
        "primary_key": bool(field.primary_key),
        "unique": unique,
        "indexed": unique if leading is None else field.column_name in leading,
        "default": default_text(field),
        "foreign_key": foreign_key(field),
        "hidden": NAMES.is_hidden(field.name, field),
    }


def type_text(field: Any) -> str:
    """ "String(80)", "Decimal(10, 2)", "Enum('draft', 'live')", "String(8, choices: s, l)", "ForeignKey(User)"."""
    details = []
    if isinstance(field, ForeignKey):
        details.append(target_name(field))
    elif isinstance(field, Decimal):
        details += [str(field.max_digits), str(field.decimal_places)]
    elif isinstance(field, Enum):
        details += [repr(member.value) for member in field.enum_class]
    elif getattr(field, "max_length", None):
        details.append(str(field.max_length))
    if choices_of(field):
        details.append("choices: " + ", ".join(map(str, choices_of(field))))
    name = type(field).__name__
    return "{}({})".format(name, ", ".join(details)) if details else name


def target_name(field: Any) -> str:
    try:
        return str(field.to_model.__qualname__)
    except LookupError:
        return "{!r}, which is no model".format(field._to)


def default_text(field: Any) -> str | None:
    """What fills the field when nothing is given: a value or a function's name."""
    for name in ("auto_now", "auto_now_add"):
        if getattr(field, name, False):
            return name
    default = field.default
    if default is None:
        return None
    if callable(default):
        return "{}()".format(getattr(default, "__qualname__", type(default).__name__))
    return repr(default.value if isinstance(default, enum.Enum) else default)


def foreign_key(field: Any) -> str | None:
    """ "users.id": Aksara's keys always lead to the column id."""
    if not isinstance(field, ForeignKey):
        return None
    try:
        return "{}.id".format(field.to_model.__tablename__)
    except LookupError:
        return None
