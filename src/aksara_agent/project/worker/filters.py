"""Compiles a filter, nested JSON with Django's lookup names, into one SQL condition."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, not_, or_, true
from sqlalchemy.orm import aliased

from .failures import RequestError
from .lookups import LOOKUPS, SKIP_NULLS, compare
from .mapped import columns_of, did_you_mean, hidden_field, relations_of, visible_fields

DEEPEST = 8
MOST_CONDITIONS = 100
GROUPS = ("and", "or", "not")


class FilterCompiler:
    """Compiles for one dialect; remembers which nullable fields of the model were compared."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.conditions = 0
        self.nullable_compared: dict[str, str] = {}

    def compile(self, model: Any, entity: Any, filters: Any, depth: int = 0, negated: bool = False) -> Any:
        """The condition on `entity` (the model or an alias of it). RequestError says what is valid."""
        if not isinstance(filters, dict):
            raise RequestError(
                'a filter is an object such as {{"title__icontains": "x"}}, not {!r:.80}'.format(filters)
            )
        if depth > DEEPEST:
            raise RequestError("filters are nested deeper than {} levels; make them flatter".format(DEEPEST))
        parts = []
        related: dict[str, dict[str, Any]] = {}
        for key, value in filters.items():
            first, _, rest = key.partition("__")
            if key in GROUPS:
                parts.append(self.group(model, entity, key, value, depth, negated))
            elif first in relations_of(model):
                related.setdefault(first, {})[rest] = value
            else:
                parts.append(self.condition(model, entity, key, value, note=depth_of(entity, model), negated=negated))
        for name, inner in related.items():
            parts.append(self.relation(model, entity, name, inner, depth, negated))
        return and_(true(), *parts) if len(parts) != 1 else parts[0]

    def group(self, model: Any, entity: Any, key: str, value: Any, depth: int, negated: bool) -> Any:
        if key == "not":
            return not_(self.compile(model, entity, value, depth + 1, not negated))
        if not isinstance(value, list) or not value:
            raise RequestError("{!r} expects a list of filters, not {!r:.80}".format(key, value))
        parts = [self.compile(model, entity, item, depth + 1, negated) for item in value]
        return or_(*parts) if key == "or" else and_(*parts)

    def relation(self, model: Any, entity: Any, name: str, inner: dict[str, Any], depth: int, negated: bool) -> Any:
        """EXISTS over the relation: rows are never repeated, and conditions meet on the same related row."""
        relation = relations_of(model)[name]
        target = relation.mapper.class_
        parts = []
        inner = dict(inner)
        link = getattr(entity, name)
        if "isnull" in inner:
            missing = inner.pop("isnull")
            if not isinstance(missing, bool):
                raise RequestError("{}__isnull expects true or false, not {!r}".format(name, missing))
            exists = link.any() if relation.uselist else link.has()
            parts.append(not_(exists) if missing else exists)
        if "" in inner:
            message = "{0} is a relation to {1}; filter by one of its fields, such as {0}__{2}"
            raise RequestError(message.format(name, target.__qualname__, (visible_fields(target) or ["id"])[0]))
        if inner:
            other = aliased(target)
            condition = self.compile(target, other, inner, depth + 1, negated)
            link = link.of_type(other)
            parts.append(link.any(condition) if relation.uselist else link.has(condition))
        return and_(*parts)

    def condition(self, model: Any, entity: Any, key: str, value: Any, note: bool, negated: bool) -> Any:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise RequestError("a filter has at most {} conditions".format(MOST_CONDITIONS))
        field, lookup = split_lookup(model, key)
        column = visible_column(model, field)
        if note and column.nullable and value is not None and (lookup in SKIP_NULLS or negated) and lookup != "isnull":
            self.nullable_compared[field] = "not" if negated else lookup
        return compare(field, getattr(entity, field), column, lookup, value, self.dialect)


def depth_of(entity: Any, model: Any) -> bool:
    """True for the model itself: only its own NULLs are worth a note, not those of related rows."""
    return entity is model


def split_lookup(model: Any, key: str) -> tuple[str, str]:
    """ "title__icontains" becomes ("title", "icontains")."""
    columns = columns_of(model)
    if key in columns:
        return key, "exact"
    field, _, lookup = key.rpartition("__")
    if field in columns:
        if lookup in LOOKUPS:
            return field, lookup
        raise RequestError("unknown lookup {!r} on {}: {}".format(lookup, field, did_you_mean(lookup, LOOKUPS)))
    return key.partition("__")[0], "exact"


def visible_column(model: Any, field: str) -> Any:
    """The column of a field that may be read. RequestError for unknown and for hidden fields."""
    columns = columns_of(model)
    name = model.__qualname__
    if field not in columns:
        valid = visible_fields(model) + list(relations_of(model))
        raise RequestError("{} has no field {!r}: {}".format(name, field, did_you_mean(field, valid)))
    if hidden_field(field, columns[field]):
        message = "{}.{} holds a secret: it cannot be shown, filtered, ordered or aggregated"
        raise RequestError(message.format(name, field))
    return columns[field]
