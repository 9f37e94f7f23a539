"""The fields and relations of a mapped class, by the names a developer uses."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.schema import Column

from .hidden import is_hidden
from .model_names import ModelNames


def columns_of(model: Any) -> dict[str, Any]:
    """Attribute name to table column; computed column properties are left out."""
    mapper = inspect(model)
    return {prop.key: prop.columns[0] for prop in mapper.column_attrs if isinstance(prop.columns[0], Column)}


def relations_of(model: Any) -> dict[str, Any]:
    return {relation.key: relation for relation in inspect(model).relationships}


def hidden_field(name: str, column: Any) -> bool:
    return is_hidden(name, column.name)


class MappedNames(ModelNames):
    """The names of SQLAlchemy's mapped classes."""

    def columns(self, model: Any) -> dict[str, Any]:
        return columns_of(model)

    def relations(self, model: Any) -> dict[str, Any]:
        return relations_of(model)

    def target(self, relation: Any) -> Any:
        return relation.mapper.class_

    def leads_to_many(self, relation: Any) -> bool:
        return bool(relation.uselist)

    def is_hidden(self, field: str, column: Any) -> bool:
        return hidden_field(field, column)

    def is_nullable(self, column: Any) -> bool:
        return bool(column.nullable)


NAMES = MappedNames()
visible_fields = NAMES.visible_fields
