"""How to get a model's changes into a migration, where aksara makemigrations writes nothing or no Python."""

from __future__ import annotations

import ast
from typing import Any

from aksara.migrations import autodetector, operations
from aksara.registry import ModelRegistry

FILE = """from aksara.migrations import Migration, operations as op


class Migration(Migration):
    operations = [
{},
    ]
"""
SIZES = ("max_length", "max_digits", "decimal_places", "dimensions", "array_sql_type")


def what_to_do(model: Any, changed: list[str], files: list[Any]) -> str:
    """`changed` are fields that differ from the migrations in `files`."""
    table = model.__tablename__
    _, found = autodetector.detect_changes(files, ModelRegistry.all())
    covered = {operation.name for operation in found if getattr(operation, "table", None) == table}
    left = [name for name in changed if name not in covered]
    parts = []
    if left:
        by_hand = "; ".join(operation_for(model, name, files) for name in left)
        parts.append("aksara makemigrations writes nothing for {}: add {}".format(", ".join(left), by_hand))
    wrong = wrong_line(found)
    if found and wrong is None:
        parts.append("run aksara makemigrations")
    elif found:
        message = "aksara makemigrations writes a file that does not parse ({}): correct that line in it, or remove it"
        parts.append(message.format(wrong))
    return "; ".join(parts)


def wrong_line(found: list[Any]) -> str | None:
    """The line of the file that Aksara would write which is no Python: the default of an enum, for one."""
    try:
        ast.parse(FILE.format(autodetector.operations_to_code(found)))
    except SyntaxError as error:
        return (error.text or "").strip()
    return None


def operation_for(model: Any, name: str, files: list[Any]) -> str:
    """A changed size as Aksara's own operation; for keys and uniqueness it has none that fits all cases."""
    table = model.__tablename__
    before = autodetector.build_state_from_migrations(files).tables[table].fields[name]
    after = autodetector.build_state_from_models({model.__name__: model}).tables[table].fields[name]
    if all(getattr(before, size) == getattr(after, size) for size in SIZES):
        return "op.AddConstraint(…) or op.RunSQL(…) for {}".format(name)
    field = dict(autodetector.model_to_create_table_operation(model).fields)[name]
    code = autodetector.operations_to_code([operations.AlterFieldType(table, name, field)])
    return " ".join(code.split()).replace("( ", "(").replace(", )", ")")
