"""The filter language, nested JSON with Django's lookup names: what it means, whatever the framework."""

from __future__ import annotations

from typing import Any, Callable

from .failures import RequestError
from .lookup_names import SKIP_NULLS, check_shape
from .model_names import ModelNames

DEEPEST = 8
MOST_CONDITIONS = 100
GROUPS = ("and", "or", "not")


class FilterLanguage:
    """Walks a filter; a subclass makes the conditions of its framework.

    `not` is the complement: a row whose value is NULL is matched by {"not": {"price__gt": 1}}.
    """

    def __init__(self, names: ModelNames) -> None:
        self.names = names
        self.conditions = 0
        self.compared: dict[str, str] = {}  # nullable fields of the model itself, and how
        self.decided: set[str] = set()  # fields of the model itself whose NULLs the filter speaks of

    @property
    def nullable_compared(self) -> dict[str, str]:
        """Fields whose NULLs are worth a note, and the lookup that passes over them."""
        return {field: lookup for field, lookup in self.compared.items() if field not in self.decided}

    def both(self, parts: list[Any]) -> Any:
        raise NotImplementedError

    def either(self, parts: list[Any]) -> Any:
        raise NotImplementedError

    def negate(self, part: Any) -> Any:
        raise NotImplementedError

    def exists(self, entity: Any, relation: Any, condition: Callable[[Any], Any] | None = None) -> Any:
        """True when a related row exists; `condition` makes the condition on an alias of the related model."""
        raise NotImplementedError

    def compare(self, entity: Any, field: str, column: Any, lookup: str, value: Any, negated: bool) -> Any:
        """True or false, under `negated` never NULL."""
        raise NotImplementedError

    def compile(
        self, model: Any, entity: Any, filters: Any, depth: int = 0, negated: bool = False, own: bool = True
    ) -> Any:
        """The condition on `entity` (the model or an alias of it). RequestError says what is valid.

        `own` is false inside a relation.
        """
        if not isinstance(filters, dict):
            raise RequestError(
                'a filter is an object such as {{"title__icontains": "x"}}, not {!r:.80}'.format(filters)
            )
        if depth > DEEPEST:
            raise RequestError("filters are nested deeper than {} levels; make them flatter".format(DEEPEST))
        parts = []
        related: dict[str, dict[str, Any]] = {}
        for written, value in filters.items():
            key = self.names.plain(model, written)
            first, _, rest = key.partition("__")
            if key in GROUPS:
                parts.append(self.group(model, entity, key, value, depth, negated, own))
            elif first in self.names.relations(model):
                related.setdefault(first, {})[rest] = value
            else:
                parts.append(self.condition(model, entity, key, value, negated, own))
        for name, inner in related.items():
            parts.append(self.relation(model, entity, name, inner, depth))
        return parts[0] if len(parts) == 1 else self.both(parts)

    def group(self, model: Any, entity: Any, key: str, value: Any, depth: int, negated: bool, own: bool) -> Any:
        if key == "not":
            return self.negate(self.compile(model, entity, value, depth + 1, not negated, own))
        if not isinstance(value, list) or not value:
            raise RequestError("{!r} expects a list of filters, not {!r:.80}".format(key, value))
        parts = [self.compile(model, entity, item, depth + 1, negated, own) for item in value]
        return self.either(parts) if key == "or" else self.both(parts)

    def relation(self, model: Any, entity: Any, name: str, inner: dict[str, Any], depth: int) -> Any:
        """EXISTS over the relation: rows are never repeated, and conditions meet on the same related row."""
        relation = self.names.relations(model)[name]
        target = self.names.target(relation)
        parts = []
        inner = dict(inner)
        if "isnull" in inner:
            check_shape(name, "isnull", inner["isnull"])
            exists = self.exists(entity, relation)
            parts.append(self.negate(exists) if inner.pop("isnull") else exists)
        if "" in inner:
            message = "{0} is a relation to {1}; filter by one of its fields, such as {0}__{2}"
            example = (self.names.visible_fields(target) or ["id"])[0]
            raise RequestError(message.format(name, target.__qualname__, example))
        if inner:
            found = self.exists(
                entity, relation, lambda other: self.compile(target, other, inner, depth + 1, own=False)
            )
            if all(asks_for_nothing(key, value) for key, value in inner.items()):
                # As in Django: author__name__isnull also finds the rows that have no author at all.
                found = self.either([found, self.negate(self.exists(entity, relation))])
            parts.append(found)
        return parts[0] if len(parts) == 1 else self.both(parts)

    def condition(self, model: Any, entity: Any, key: str, value: Any, negated: bool, own: bool) -> Any:
        self.conditions += 1
        if self.conditions > MOST_CONDITIONS:
            raise RequestError("a filter has at most {} conditions".format(MOST_CONDITIONS))
        field, lookup = self.names.split_lookup(model, key)
        column = self.names.visible_column(model, field)
        check_shape(field, lookup, value)
        if value is None and lookup in ("exact", "ne"):
            lookup, value = "isnull", lookup == "exact"
        if own and lookup == "isnull":
            self.decided.add(field)
        elif own and self.names.is_nullable(column) and (negated or lookup in SKIP_NULLS):
            self.compared[field] = "not" if negated else lookup
        return self.compare(entity, field, column, lookup, value, negated)


def asks_for_nothing(key: str, value: Any) -> bool:
    """True for conditions that a missing row fulfils: name__isnull true, name null."""
    if key.rpartition("__")[2] == "isnull":
        return value is True
    return value is None and not key.endswith("__ne")
