"""The fields and relations of a mapped class, by the names a developer uses."""

from __future__ import annotations

import difflib
from typing import Any, Iterable

from sqlalchemy import inspect
from sqlalchemy.schema import Column

from .hidden import is_hidden


def columns_of(model: Any) -> dict[str, Any]:
    """Attribute name to table column; computed column properties are left out."""
    mapper = inspect(model)
    return {prop.key: prop.columns[0] for prop in mapper.column_attrs if isinstance(prop.columns[0], Column)}


def relations_of(model: Any) -> dict[str, Any]:
    return {relation.key: relation for relation in inspect(model).relationships}


def hidden_field(name: str, column: Any) -> bool:
    return is_hidden(name, column.name)


def visible_fields(model: Any) -> list[str]:
    return [name for name, column in columns_of(model).items() if not hidden_field(name, column)]


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """ "did you mean 'title'? Valid: body, title" for error messages."""
    names = sorted(valid)
    close = difflib.get_close_matches(str(name), names, 1)
    start = "did you mean {!r}? ".format(close[0]) if close else ""
    return start + "Valid: " + ", ".join(names)
