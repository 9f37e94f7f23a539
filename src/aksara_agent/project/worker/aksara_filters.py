"""Compiles a filter into one SQL condition on PostgreSQL, with placeholders for every value."""

from __future__ import annotations

from typing import Any, Callable

from .aksara_names import NAMES
from .aksara_sql import Statement, column, joined, select
from .aksara_values import choices_of, coerce, is_text, kind_of
from .failures import RequestError
from .filter_language import FilterLanguage
from .lookup_names import TEXT_LOOKUPS
from .page import choices_note

OPERATORS = {"exact": "=", "ne": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class AksaraFilters(FilterLanguage):
    """`entity` is the alias of a table in the statement."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(NAMES)
        self.statement = statement
        self.notes: list[str] = []

    def both(self, parts: list[Any]) -> Any:
        return "({})".format(" AND ".join(parts)) if parts else "TRUE"

    def either(self, parts: list[Any]) -> Any:
        return "({})".format(" OR ".join(parts))

    def negate(self, part: Any) -> Any:
        return "NOT ({})".format(part)

    def exists(self, entity: Any, relation: Any, condition: Callable[[Any], Any] | None = None) -> Any:
        there = self.statement.alias()
        source, link = joined(self.statement, relation, entity, there)
        inner = " AND " + condition(there) if condition is not None else ""
        return "EXISTS ({})".format(select("1", source, "WHERE " + link + inner))

    def compare(self, entity: Any, field: str, target: Any, lookup: str, value: Any, negated: bool) -> Any:
        name = column(entity, target.column_name)
        if lookup == "isnull":
            return "{} IS {}".format(name, "NULL" if value else "NOT NULL")
        if lookup in TEXT_LOOKUPS and not is_text(target):
            message = "{}__{} works on text columns, {} is {}"
            raise RequestError(message.format(field, lookup, field, type(target).__name__))
        given = value if lookup in ("in", "range") else [value]
        values = [coerce(field, target, item) for item in given]
        if lookup in ("exact", "ne", "in"):
            self.notes += choices_note(field, choices_of(target), values)
        condition = self.comparison(name, target, lookup, values)
        # NOT NULL is NULL in SQL: without the guard a negation would lose the rows without a value.
        return "({} IS NOT NULL AND {})".format(name, condition) if negated else condition

    def comparison(self, name: str, target: Any, lookup: str, values: list[Any]) -> str:
        kind = kind_of(target)
        if lookup == "in":
            return "{} = ANY({})".format(name, self.statement.bind(values, kind, many=True))
        if lookup == "range":
            low, high = (self.statement.bind(item, kind) for item in values)
            return "{} BETWEEN {} AND {}".format(name, low, high)
        if lookup in OPERATORS:
            return "{} {} {}".format(name, OPERATORS[lookup], self.statement.bind(values[0], kind))
        if lookup == "iexact":
            return "lower({}) = lower({})".format(name, self.statement.bind(values[0], str))
        pattern = self.statement.bind(like_pattern(lookup, values[0]), str)
        form = "lower({}) LIKE lower({}) ESCAPE '/'" if lookup.startswith("i") else "{} LIKE {} ESCAPE '/'"
        return form.format(name, pattern)


def like_pattern(lookup: str, text: str) -> str:
    escaped = text.replace("/", "//").replace("%", "/%").replace("_", "/_")
    before = "" if "startswith" in lookup else "%"
    after = "" if "endswith" in lookup else "%"
    return before + escaped + after
