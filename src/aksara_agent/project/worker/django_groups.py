"""Counts, sums and averages with Django's ORM, over all matching rows or per group."""

from __future__ import annotations

import decimal
from typing import Any

from django.db.models import Avg, Count, Max, Min, Sum

from .aggregate_request import COUNT, Wish, group_names, not_a_number, wishes
from .django_names import NAMES
from .django_paths import orm_path, signed
from .django_values import python_type
from .failures import RequestError
from .suggest import did_you_mean

FUNCTIONS = {"count": Count, "sum": Sum, "avg": Avg, "min": Min, "max": Max}


def grouped(model: Any, request: dict[str, Any]) -> tuple[list[str], Any]:
    """(names of the columns, what makes the groups of the filtered rows); without groups one row over all."""
    groups = {name: orm_path(model, name) for name in group_names(request.get("group_by"))}
    wanted = wishes(request.get("aggregate") or COUNT, groups)
    # Names of our own: Django refuses an alias that is also a field of the model.
    aliases = {alias: "aggregate{}_".format(number) for number, alias in enumerate(wanted)}
    aggregates = {aliases[alias]: expression(model, alias, wish) for alias, wish in wanted.items()}
    selected = dict(groups, **aliases)
    order = group_order(request, selected)
    if not groups:
        return list(selected), lambda rows: [list(rows.aggregate(**aggregates).values())]
    order += [path for path in groups.values() if path not in order]

    def of_rows(rows: Any) -> Any:
        groups_of = rows.order_by().values(*groups.values()).annotate(**aggregates)
        return groups_of.order_by(*order).values_list(*selected.values())

    return list(selected), of_rows


def group_order(request: dict[str, Any], selected: dict[str, str]) -> list[str]:
    order = []
    for name, sign in signed(request):
        if name not in selected:
            message = "a grouped query is ordered by its own columns: {}"
            raise RequestError(message.format(did_you_mean(name, selected)))
        order.append(sign + selected[name])
    return order


def expression(model: Any, alias: str, wish: Wish) -> Any:
    if wish.field is None:
        return Count("*")
    path, (_, _, column) = orm_path(model, wish.field), NAMES.follow(model, wish.field)
    if wish.function in ("sum", "avg") and python_type(column) not in (int, float, decimal.Decimal):
        raise not_a_number(alias, wish, type(column).__name__)
    options = {"distinct": True} if wish.distinct and wish.function not in ("min", "max") else {}
    return FUNCTIONS[wish.function](path, **options)
