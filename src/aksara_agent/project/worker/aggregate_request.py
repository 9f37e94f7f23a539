"""The aggregates a request asks for, checked, whatever the framework."""

from __future__ import annotations

import re
from typing import Any, Iterable, NamedTuple

from .failures import RequestError
from .suggest import did_you_mean

FUNCTIONS = ("count", "sum", "avg", "min", "max")
ALIAS = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,59}$")
COUNT = {"count": {"function": "count"}}


class Wish(NamedTuple):
    """One aggregate; without a field it counts rows."""

    function: str
    field: str | None
    distinct: bool


def group_names(names: Any) -> list[Any]:
    if not isinstance(names or [], list):
        raise RequestError("group_by is a list of field names, not {!r}".format(names))
    return names or []


def wishes(aggregates: Any, groups: Iterable[str]) -> dict[str, Wish]:
    """Alias to wish. RequestError for unknown functions and unusable aliases."""
    if not isinstance(aggregates, dict):
        raise RequestError(
            'aggregate is an object such as {{"n": {{"function": "count"}}}}, not {!r}'.format(aggregates)
        )
    found = {}
    for alias, wish in aggregates.items():
        if not ALIAS.match(alias) or alias in groups:
            raise RequestError("{!r} is not a usable alias: letters, digits and _, and no group_by field".format(alias))
        if not isinstance(wish, dict):
            raise RequestError('{}: expected {{"function": …, "field": …}}, not {!r}'.format(alias, wish))
        found[alias] = one_wish(alias, wish)
    return found


def one_wish(alias: str, wish: dict[str, Any]) -> Wish:
    function, field = wish.get("function"), wish.get("field")
    if function not in FUNCTIONS:
        message = "{}: unknown function {!r}: {}"
        raise RequestError(message.format(alias, function, did_you_mean(str(function), FUNCTIONS)))
    if field is None and function != "count":
        raise RequestError("{}: {} needs a field".format(alias, function))
    return Wish(str(function), field, bool(wish.get("distinct")))


def not_a_number(alias: str, wish: Wish, type_name: str) -> RequestError:
    message = "{}: {} works on numbers, {} is {}"
    return RequestError(message.format(alias, wish.function, wish.field, type_name))
