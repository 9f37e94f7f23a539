"""PostgreSQL's enum types: Alembic does not see that their values changed, so we do."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Enum, inspect

from .alembic_render import statement
from .failures import RequestError


class EnumChange(NamedTuple):
    """One type whose values differ; `columns` are (table, column, server default) of its users."""

    name: str
    before: list[str]
    after: list[str]
    columns: list[tuple[str, str, str | None]]

    def upgrade(self) -> list[Any]:
        return steps(self.name, self.before, self.after, self.columns)

    def downgrade(self) -> list[Any]:
        return steps(self.name, self.after, self.before, self.columns)

    def removed(self) -> list[str]:
        return [value for value in self.before if value not in self.after]


def enum_changes(metadata: Any, connection: Any) -> list[EnumChange]:
    if connection.dialect.name != "postgresql":
        return []
    quote = connection.dialect.identifier_preparer.quote
    existing = {(item["schema"], item["name"]): list(item["labels"]) for item in inspect(connection).get_enums("*")}
    default = connection.dialect.default_schema_name
    changes = []
    for (schema, name), (values, columns) in declared_enums(metadata, connection.dialect).items():
        before = existing.get((schema or default, name))
        if before is not None and before != values:
            full = "{}.{}".format(quote(schema), quote(name)) if schema else quote(name)
            changes.append(EnumChange(full, before, values, columns))
    return changes


def declared_enums(metadata: Any, dialect: Any) -> dict[tuple[str | None, str], Any]:
    """(schema, name) of each native enum to its values and the columns that use it."""
    quote = dialect.identifier_preparer
    found: dict[tuple[str | None, str], Any] = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            kind = column.type.dialect_impl(dialect)
            declared = column.type
            if not isinstance(declared, Enum) or not declared.native_enum or not declared.name:
                continue
            if not isinstance(kind, Enum) and getattr(kind, "enums", None) is None:
                continue
            _, columns = found.setdefault((declared.schema, str(declared.name)), (list(declared.enums), []))
            columns.append((quote.format_table(table), quote.quote(column.name), default_sql(column, dialect)))
    return found


def default_sql(column: Any, dialect: Any) -> str | None:
    if column.server_default is None:
        return None
    compiler = dialect.ddl_compiler(dialect, None)
    return str(compiler.get_column_default_string(column))


def steps(name: str, before: list[str], after: list[str], columns: list[Any]) -> list[Any]:
    """Values can be added to a type; to remove or reorder them the type is made anew."""
    kept = [value for value in after if value in before]
    if kept == before:
        return [statement(sql) for sql in additions(name, before, after)]
    return [statement(sql) for sql in replacement(name, after, columns)]


def additions(name: str, before: list[str], after: list[str]) -> list[str]:
    found, known = [], list(before)
    for position, value in enumerate(after):
        if value in known:
            continue
        following = next((other for other in after[position:] if other in before), None)
        where = " BEFORE {}".format(literal(following)) if following is not None else ""
        found.append("ALTER TYPE {} ADD VALUE IF NOT EXISTS {}{}".format(name, literal(value), where))
        known.append(value)
    return found


def replacement(name: str, values: list[str], columns: list[Any]) -> list[str]:
    schema, dot, bare = name.rpartition(".")
    if bare.startswith('"'):
        raise RequestError("the enum type {} has a quoted name: change its values by hand".format(name))
    found = ["ALTER TYPE {} RENAME TO {}_old".format(name, bare)]
    found.append("CREATE TYPE {} AS ENUM ({})".format(name, ", ".join(map(literal, values))))
    for table, column, default in columns:
        alter = "ALTER TABLE {} ALTER COLUMN {}".format(table, column)
        if default:
            found.append("{} DROP DEFAULT".format(alter))
        found.append("{0} TYPE {1} USING {2}::text::{1}".format(alter, name, column))
        if default:
            found.append("{} SET DEFAULT {}".format(alter, default))
    return [*found, "DROP TYPE {}{}{}_old".format(schema, dot, bare)]


def literal(value: str) -> str:
    return "'{}'".format(value.replace("'", "''"))
