"""Compiles a filter into one Q object of Django."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any, Callable

from django.db.models import Exists, ForeignKey, OuterRef, Q, QuerySet

from .django_names import NAMES
from .django_values import coerce, python_type
from .failures import RequestError
from .filter_language import FilterLanguage
from .lookup_names import TEXT_LOOKUPS
from .page import choices_note


class DjangoFilters(FilterLanguage):
    """`entity` is always the model: Django makes the aliases."""

    def __init__(self) -> None:
        super().__init__(NAMES)
        self.unknown_choices: list[str] = []

    def both(self, parts: list[Any]) -> Any:
        return reduce(and_, parts) if parts else ~Q(pk__in=[])

    def either(self, parts: list[Any]) -> Any:
        return reduce(or_, parts)

    def negate(self, part: Any) -> Any:
        return ~part

    def exists(self, entity: Any, relation: Any, condition: Callable[[Any], Any] | None = None) -> Any:
        matching = condition(relation.related_model) if condition is not None else Q()
        return Q(exists_over(relation.path_infos, matching))

    def compare(self, entity: Any, field: str, column: Any, lookup: str, value: Any, negated: bool) -> Any:
        if lookup == "isnull":
            return Q(**{field + "__isnull": value})
        if lookup in TEXT_LOOKUPS and python_type(column) is not str:
            message = "{}__{} works on text columns, {} is {}"
            raise RequestError(message.format(field, lookup, field, type(column).__name__))
        given = value if lookup in ("in", "range") else [value]
        values = [coerce(field, column, item) for item in given]
        if lookup in ("exact", "ne", "in"):
            self.unknown_choices += choices_note(field, [key for key, _ in column.flatchoices], values)
        if lookup == "range":  # two comparisons, because foreign keys know no range
            return Q(**{field + "__gte": values[0]}) & Q(**{field + "__lte": values[1]})
        if lookup == "ne":
            return ~Q(**{field: values[0]}) & Q(**{field + "__isnull": False})
        if isinstance(column, ForeignKey) and lookup in TEXT_LOOKUPS:
            field = "{}__{}".format(column.name, column.target_field.attname)  # nor any text lookups
        return Q(**{field + "__" + lookup: values if lookup == "in" else values[0]})


def exists_over(paths: Any, condition: Any) -> Any:
    """EXISTS over one join (a foreign key) or two (through the table of a many-to-many relation)."""
    first, rest = paths[0], paths[1:]
    rows = QuerySet(first.to_opts.model).filter(
        **{inner.attname: OuterRef(outer.attname) for outer, inner in joined_fields(first.join_field)}
    )
    return Exists(rows.filter(Q(exists_over(rest, condition)) if rest else condition))


def joined_fields(join: Any) -> Any:
    """Pairs of (field of this side, field of the other side)."""
    return join.related_fields if hasattr(join, "related_fields") else join.field.reverse_related_fields
