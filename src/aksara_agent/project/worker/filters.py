"""Compiles a filter into one SQLAlchemy condition."""

from __future__ import annotations

from typing import Any, Callable

from sqlalchemy import and_, not_, or_, true
from sqlalchemy.orm import aliased

from .filter_language import FilterLanguage
from .lookups import compare
from .mapped import NAMES


class FilterCompiler(FilterLanguage):
    """Compiles for one dialect; `entity` is the mapped class or an alias of it."""

    def __init__(self, dialect: str) -> None:
        super().__init__(NAMES)
        self.dialect = dialect

    def both(self, parts: list[Any]) -> Any:
        return and_(true(), *parts)

    def either(self, parts: list[Any]) -> Any:
        return or_(*parts)

    def negate(self, part: Any) -> Any:
        return not_(part)

    def exists(self, entity: Any, relation: Any, condition: Callable[[Any], Any] | None = None) -> Any:
        link = getattr(entity, relation.key)
        if condition is None:
            return link.any() if relation.uselist else link.has()
        other = aliased(relation.mapper.class_)
        link = link.of_type(other)
        return link.any(condition(other)) if relation.uselist else link.has(condition(other))

    def compare(self, entity: Any, field: str, column: Any, lookup: str, value: Any, negated: bool) -> Any:
        attribute = getattr(entity, field)
        condition = compare(field, attribute, column, lookup, value, self.dialect)
        # NOT NULL is NULL in SQL: without the guard a negation would lose the rows without a value.
        return and_(attribute.isnot(None), condition) if negated and lookup != "isnull" else condition
