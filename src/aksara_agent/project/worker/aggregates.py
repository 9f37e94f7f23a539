"""Counts, sums and averages as SQLAlchemy expressions, over all matching rows or per group."""

from __future__ import annotations

import decimal
from typing import Any

from sqlalchemy import func

from .aggregate_request import Wish, group_names, not_a_number, wishes
from .column_values import python_type
from .paths import Paths


def group_columns(paths: Paths, names: Any) -> dict[str, Any]:
    return {name: paths.resolve(name)[0] for name in group_names(names)}


def aggregate_columns(paths: Paths, aggregates: Any, groups: dict[str, Any]) -> dict[str, Any]:
    """Alias to SQL expression. RequestError for unknown functions, fields and unfit types."""
    return {alias: expression(paths, alias, wish) for alias, wish in wishes(aggregates, groups).items()}


def expression(paths: Paths, alias: str, wish: Wish) -> Any:
    if wish.field is None:
        return func.count()
    attribute, column = paths.resolve(wish.field)
    if wish.function in ("sum", "avg") and python_type(column) not in (int, float, decimal.Decimal):
        raise not_a_number(alias, wish, type(column.type).__name__)
    return getattr(func, wish.function)(attribute.distinct() if wish.distinct else attribute)
