"""NOT NULL on tables that have rows: a plan that gives those rows a value first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from alembic.operations import ops
from sqlalchemy import Column, exists, func, literal, select, table, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import DefaultClause

from .alembic_renames import groups, table_name
from .alembic_render import statement

UNKNOWN = object()


class Fill:
    """A column that must not be NULL, the rows that are in the way, and the value they get."""

    def __init__(self, operation: Any, column: Any, default: Any, rows: bool | None) -> None:
        self.operation, self.column, self.rows = operation, column, rows
        self.name = "{}.{}".format(table_name(operation), column)
        self.value = default  # an SQL expression, or UNKNOWN


def fills(
    container: Any, metadata: Any, connection: Any, values: dict[str, Any], renames: dict[str, str]
) -> list[Fill]:
    """Every new NOT NULL; `rows` is None where the database cannot be asked, which knows the old names."""
    found = []
    before = {(old.rpartition(".")[0], new): old.rpartition(".")[2] for old, new in renames.items()}
    for group in groups(container):
        model = metadata.get(table_name(group))
        for item in group.ops:
            if isinstance(item, ops.AddColumnOp) and needs_value(item.column):
                rows = has_rows(connection, group)
                found.append(Fill(item, item.column.name, derived(item.column), rows))
            elif isinstance(item, ops.AlterColumnOp) and item.modify_nullable is False:
                declared = model.columns.get(item.column_name) if model is not None else None
                name = before.get((table_name(group), item.column_name), item.column_name)
                rows = has_rows(connection, group, name)
                found.append(Fill(item, item.column_name, UNKNOWN if declared is None else derived(declared), rows))
    for fill in found:
        if fill.name in values:
            fill.value = literal(values[fill.name])
    return found


def needs_value(column: Any) -> bool:
    computed = column.computed is not None or column.identity is not None
    return not column.nullable and column.server_default is None and not computed


def has_rows(connection: Any, group: Any, null_in: str | None = None) -> bool | None:
    """Whether the table has rows (with NULL in that column)."""
    if connection is None:
        return None
    where = select(literal(1)).select_from(table(group.table_name, schema=group.schema))
    if null_in:
        where = where.where(Column(null_in).is_(None))
    try:
        with connection.begin_nested():  # a failed query must not spoil the ones after it
            return bool(connection.execute(select(exists(where))).scalar())
    except SQLAlchemyError:
        return None


def derived(column: Any) -> Any:
    """The value that the model gives new rows, where SQL can give it too."""
    default = column.default
    if column.server_default is not None and getattr(column.server_default, "arg", None) is not None:
        return column.server_default.arg
    if default is None or getattr(default, "is_sequence", False):
        return UNKNOWN
    if getattr(default, "is_clause_element", False):
        return default.arg
    if not getattr(default, "is_callable", False):
        return literal(default.arg, type_=column.type)
    return func.current_timestamp() if is_time(column) else UNKNOWN


def is_time(column: Any) -> bool:
    """A function that fills a time is taken for a clock."""
    try:
        return bool(issubclass(column.type.python_type, dt.datetime))
    except NotImplementedError:
        return False


def value_questions(found: list[Fill], asked_already: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each column without a value; one that may be a renamed one has to wait for that answer."""
    unclear = {name for item in asked_already for name in item["candidates"]}
    message = (
        "{0} must not be NULL, but {1}, and no value can be derived for them. "
        'Answer: values={{"{0}": …}}, or make the column nullable'
    )
    asked = []
    for fill in found:
        if fill.value is UNKNOWN and fill.rows is not False and fill.column not in unclear:
            why = "the table has rows without one" if fill.rows else "the table may have rows"
            asked.append({"about": fill.name, "candidates": [], "question": message.format(fill.name, why)})
    return asked


def plan_fills(container: Any, found: list[Fill], dialect: Any) -> None:
    """Change the upgrade so that it also passes on tables that have rows."""
    by_operation = {id(fill.operation): fill for fill in found if fill.value is not UNKNOWN}
    planned = []
    for item in container.ops:
        before, after = [], []
        for operation in getattr(item, "ops", []) if isinstance(item, ops.ModifyTableOps) else []:
            fill = by_operation.get(id(operation))
            if fill is None:
                continue
            sql = compiled(fill.value, dialect)
            if isinstance(operation, ops.AddColumnOp):
                given = getattr(fill.value, "value", None)
                after.append(add_with_default(operation, given if isinstance(given, str) else text(sql)))
            else:
                before.append(statement(update(operation, sql, dialect)))
        planned += [*before, item]
        if after:
            planned.append(ops.ModifyTableOps(item.table_name, after, schema=item.schema))
    container.ops[:] = planned


def compiled(value: Any, dialect: Any) -> str:
    if isinstance(value, str):
        return "'{}'".format(value.replace("'", "''"))
    return str(value.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).replace("%%", "%")


def add_with_default(operation: Any, default: Any) -> Any:
    """Let the database fill the rows while it adds the column, and take the default away afterwards."""
    column = operation.column
    copy = column._copy() if hasattr(column, "_copy") else column.copy()
    copy.server_default = DefaultClause(default)
    operation.column = copy
    return ops.AlterColumnOp(
        operation.table_name,
        copy.name,
        schema=operation.schema,
        existing_type=copy.type,
        existing_nullable=False,
        existing_server_default=DefaultClause(default),
        modify_server_default=None,
    )


def update(operation: Any, sql: str, dialect: Any) -> str:
    quote = dialect.identifier_preparer
    name = quote.format_table(table(operation.table_name, schema=operation.schema))
    column = quote.quote(operation.column_name)
    statement = "UPDATE {0} SET {1} = {2} WHERE {1} IS NULL"
    return statement.format(name, column, sql)
