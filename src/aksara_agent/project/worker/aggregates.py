"""Counts, sums and averages, over all matching rows or per group."""

from __future__ import annotations

import decimal
import re
from typing import Any

from sqlalchemy import func

from .failures import RequestError
from .mapped import did_you_mean
from .paths import Paths
from .values import python_type

FUNCTIONS = ("count", "sum", "avg", "min", "max")
ALIAS = re.compile(r"^[A-Za-z_][A-Za-z0-9_]{0,59}$")


def group_columns(paths: Paths, names: Any) -> dict[str, Any]:
    if not isinstance(names, list):
        raise RequestError("group_by is a list of field names, not {!r}".format(names))
    return {name: paths.resolve(name)[0] for name in names}


def aggregate_columns(paths: Paths, aggregates: Any, groups: dict[str, Any]) -> dict[str, Any]:
    """Alias to SQL expression. RequestError for unknown functions, fields and unfit types."""
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
        found[alias] = expression(paths, alias, wish.get("function"), wish.get("field"), bool(wish.get("distinct")))
    return found


def expression(paths: Paths, alias: str, function: Any, field: Any, distinct: bool) -> Any:
    if function not in FUNCTIONS:
        message = "{}: unknown function {!r}: {}"
        raise RequestError(message.format(alias, function, did_you_mean(str(function), FUNCTIONS)))
    if field is None:
        if function != "count":
            raise RequestError("{}: {} needs a field".format(alias, function))
        return func.count()
    attribute, column = paths.resolve(field)
    if function in ("sum", "avg") and python_type(column) not in (int, float, decimal.Decimal):
        message = "{}: {} works on numbers, {} is {}"
        raise RequestError(message.format(alias, function, field, type(column.type).__name__))
    return getattr(func, function)(attribute.distinct() if distinct else attribute)
