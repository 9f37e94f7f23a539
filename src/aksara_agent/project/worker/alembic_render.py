"""Operations that older versions of Alembic know how to run, but not how to write into a file."""

from __future__ import annotations

import re
from typing import Any

from alembic.autogenerate.render import _alembic_autogenerate_prefix as prefix_of
from alembic.autogenerate.render import renderers
from alembic.operations import ops

PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")


class RenameColumnOp(ops.AlterColumnOp):
    """A new name and nothing else."""


class CreateCheckOp(ops.CreateCheckConstraintOp):
    """A CHECK constraint given as text."""


class DropCheckOp(ops.DropConstraintOp):
    """Its reverse is an operation that can be written, too."""

    def reverse(self) -> Any:
        return CreateCheckOp.from_constraint(self.to_constraint())


def statement(sql: str) -> Any:
    """SQL to execute; without the backslash, text() would take ":x" inside a literal for a parameter."""
    return ops.ExecuteSQLOp(PARAMETER.sub(r"\:", sql))


@renderers.dispatch_for(RenameColumnOp)
def render_rename(context: Any, operation: Any) -> str:
    arguments = [repr(str(operation.column_name)), "new_column_name={!r}".format(str(operation.modify_name))]
    return call("alter_column", context, operation, arguments)


@renderers.dispatch_for(CreateCheckOp)
def render_check(context: Any, operation: Any) -> str:
    name = "{}f({!r})".format(prefix_of(context), str(operation.constraint_name))
    return call("create_check_constraint", context, operation, [name, repr(str(operation.condition))], table_at=1)


@renderers.dispatch_for(DropCheckOp)
def render_drop_check(context: Any, operation: Any) -> str:
    name = "{}f({!r})".format(prefix_of(context), str(operation.constraint_name))
    return call("drop_constraint", context, operation, [name, "type_='check'"], table_at=1)


def call(function: str, context: Any, operation: Any, arguments: list[str], table_at: int = 0) -> str:
    """The table is an argument only outside of a batch."""
    if not context._has_batch:
        arguments.insert(table_at, repr(str(operation.table_name)))
        if operation.schema:
            arguments.append("schema={!r}".format(str(operation.schema)))
    return "{}{}({})".format(prefix_of(context), function, ", ".join(arguments))
