"""Runs one query request on PostgreSQL: data in, a page of rows out. The request never contains SQL."""

from __future__ import annotations

import asyncio
import decimal
import uuid
from typing import Any, NamedTuple

from .aggregate_request import COUNT, Wish, group_names, not_a_number, wishes
from .aksara_database import read_only
from .aksara_filters import AksaraFilters
from .aksara_names import NAMES, check_exposed
from .aksara_sql import Paths, Statement, column, select, table
from .aksara_values import decoded, kind_of
from .failures import RequestError
from .page import field_list, fill, limit_and_offset, make_page, null_note, order_list
from .rows import RowWriter
from .suggest import did_you_mean

ROOT = "t0"
# PostgreSQL has no min and max of these.
INSTEAD: dict[tuple[str, Any], str] = {("min", bool): "bool_and({})", ("max", bool): "bool_or({})"}
INSTEAD.update({(name, uuid.UUID): name + "({}::text)" for name in ("min", "max")})


class Plan(NamedTuple):
    """The column names with the field behind each (None: a figure), and the SQL without limit."""

    columns: dict[str, Any]
    rows: str
    total: str


def run_query(model: Any, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """One page and its total, read in one read-only transaction with a time limit."""
    limit, offset = limit_and_offset(request)
    check_exposed(model)
    statement = Statement()
    compiler = AksaraFilters(statement)
    filters = request.get("filters") or {}
    where = "WHERE " + compiler.compile(model, ROOT, filters) if filters else ""
    paths = Paths(statement, model, ROOT, NAMES.follow)
    grouping = request.get("aggregate") or request.get("group_by")
    plan = (grouped if grouping else plain)(paths, model, request, where)
    return asyncio.run(read_page(model, plan, statement, compiler, request, (limit, offset, seconds)))


async def read_page(
    model: Any,
    plan: Plan,
    statement: Statement,
    compiler: AksaraFilters,
    request: dict[str, Any],
    bounds: tuple[int, int, float],
) -> dict[str, Any]:
    limit, offset, seconds = bounds
    writer, shown = RowWriter(list(plan.columns)), plan.total
    async with read_only(seconds) as connection:
        total = await connection.fetchval(plan.total, *statement.values)
        if not request.get("count"):
            bounded = [statement.bind(number, int) for number in (limit, offset)]
            shown = "{} LIMIT {} OFFSET {}".format(plan.rows, *bounded)
            found = await connection.fetch(shown, *statement.values)
            fill(writer, ([decode(*pair) for pair in zip(plan.columns.values(), row.values())] for row in found))
        notes = await null_notes(connection, model, compiler)
    return make_page(writer, total, limit, offset, shown, notes + compiler.notes + notes_of(model))


def decode(field: Any, value: Any) -> Any:
    return value if field is None else decoded(field, value)


def plain(paths: Paths, model: Any, request: dict[str, Any], where: str) -> Plan:
    names = field_list(request) or NAMES.visible_fields(model)
    found = {name: paths.resolve(name) for name in names}
    order = [sql + sign for sql, sign in signed(request, lambda name: paths.resolve(name)[0])]
    # The primary key last: without it two pages of equal values could repeat or skip a row.
    order.append(column(ROOT, "id"))
    selected = ", ".join(sql for sql, _ in found.values())
    rows = select(selected, paths.source(), where, "ORDER BY " + ", ".join(order))
    total = select("count(*)", table(model, ROOT), where)
    return Plan({name: field for name, (_, field) in found.items()}, rows, total)


def grouped(paths: Paths, model: Any, request: dict[str, Any], where: str) -> Plan:
    """Groups and figures; without groups one row over all."""
    groups = {name: paths.resolve(name) for name in group_names(request.get("group_by"))}
    asked = wishes(request.get("aggregate") or COUNT, groups)
    figures = {alias: figure(paths, alias, wish) for alias, wish in asked.items()}
    selected = dict({name: sql for name, (sql, _) in groups.items()}, **figures)
    order = [sql + sign for sql, sign in signed(request, lambda name: own_column(name, selected))]
    by = [sql for sql, _ in groups.values()]
    grouping = "GROUP BY " + ", ".join(by) if by else ""
    ordering = "ORDER BY " + ", ".join(order + by) if order or by else ""
    rows = select(", ".join(selected.values()), paths.source(), where, grouping, ordering)
    groups_alone = select("1", paths.source(), where, grouping or "HAVING TRUE")  # without groups: one row
    total = select("count(*)", "({}) AS groups".format(groups_alone))
    columns = dict({name: field for name, (_, field) in groups.items()}, **dict.fromkeys(figures))
    return Plan(columns, rows, total)


def own_column(name: Any, selected: dict[str, str]) -> str:
    if name not in selected:
        message = "a grouped query is ordered by its own columns: {}"
        raise RequestError(message.format(did_you_mean(name, selected)))
    return selected[name]


def signed(request: dict[str, Any], resolve: Any) -> list[tuple[str, str]]:
    ordered = order_list(request.get("order_by"))
    return [(resolve(name), " DESC" if descending else "") for name, descending in ordered]


def figure(paths: Paths, alias: str, wish: Wish) -> str:
    if wish.field is None:
        return "count(*)"
    sql, field = paths.resolve(wish.field)
    kind = kind_of(field)
    if wish.function in ("sum", "avg") and kind not in (int, float, decimal.Decimal):
        raise not_a_number(alias, wish, type(field).__name__)
    if wish.function in ("min", "max") and kind is None:
        message = "{}: {} works on values with an order, {} is {}"
        raise RequestError(message.format(alias, wish.function, wish.field, type(field).__name__))
    made = INSTEAD.get((wish.function, kind), wish.function + "({})")
    made = made.format("DISTINCT " + sql if wish.distinct and wish.function in ("count", "sum", "avg") else sql)
    if kind is not decimal.Decimal and wish.function in ("sum", "avg"):
        # Else PostgreSQL answers numeric, which JSON would show as text.
        return "{}::{}".format(made, "bigint" if wish.function == "sum" and kind is int else "double precision")
    return made


async def null_notes(connection: Any, model: Any, compiler: AksaraFilters) -> list[str]:
    notes = []
    for field, lookup in compiler.nullable_compared.items():
        question = select("count(*)", table(model, ROOT), "WHERE {} IS NULL".format(column(ROOT, field)))
        empty = await connection.fetchval(question)
        if empty:
            notes.append(null_note(field, lookup, empty))
    return notes


def notes_of(model: Any) -> list[str]:
    """Says where the project itself sees fewer rows, or we do."""
    name = model.__name__
    notes = []
    if getattr(model, "_soft_delete_enabled", False):
        message = (
            "{}.objects leaves deleted rows out; this query reads all rows of the table: add "
            '{{"deleted_at__isnull": true}} to leave them out'
        )
        notes.append(message.format(name))
    if any(base.__name__ == "TenantModel" for base in model.__mro__):
        message = "{} belongs to tenants: row level security may show no rows to a connection without a tenant"
        notes.append(message.format(name))
    return notes
