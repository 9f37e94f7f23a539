"""Column values as JSON that can be written back exactly as they were."""

from __future__ import annotations

import enum
from typing import Any

from sqlalchemy import bindparam, type_coerce
from sqlalchemy.types import UserDefinedType

from .forms import from_json, to_json


class AsStored(UserDefinedType):  # type: ignore[type-arg, unused-ignore]
    """The driver's own value. SQLite keeps what it is given, and a column's type would tidy it up on the way."""

    cache_ok = True


def selected(column: Any, dialect: str) -> Any:
    """The column as it is to be read and compared."""
    return type_coerce(column, AsStored()) if dialect == "sqlite" else column


def bound(column: Any, value: Any, dialect: str) -> Any:
    """A stored value as a parameter that the column takes unchanged."""
    return bindparam(None, decode(column, value), type_=kind_of(column, dialect), unique=True)


def kind_of(column: Any, dialect: str) -> Any:
    return AsStored() if dialect == "sqlite" else column.type


def encode(column: Any, value: Any) -> Any:
    """The value as JSON; a member of the column's enum by its name."""
    if isinstance(value, enum.Enum) and getattr(column.type, "enum_class", None) is type(value):
        return {"enum": value.name}
    return to_json(value)


def decode(column: Any, value: Any) -> Any:
    """The value that ``encode`` was given."""
    if isinstance(value, dict) and "enum" in value:
        return column.type.enum_class[value["enum"]]
    return from_json(value)
