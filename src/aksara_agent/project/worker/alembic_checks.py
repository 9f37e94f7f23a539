"""CHECK constraints: Alembic does not compare them, so we do."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CheckConstraint, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import conv

from .alembic_render import CreateCheckOp, DropCheckOp

CASTS = re.compile(r"::\s*[\w ]+?(\(\d+(,\s*\d+)?\))?(\[\])?(?=[\s,)\]]|$)")
ANY = re.compile(r"=\s*any\s*\(\s*\(?\s*array\[(.*?)\]\s*\)?\s*\)")
# A literal as it stands, or a stretch without one, in which case and blanks do not matter.
PIECES = re.compile(r"('(?:[^']|'')*')")


def check_operations(table: Any, connection: Any, schema: str | None) -> list[Any]:
    """Operations that make the table's CHECK constraints those of the model."""
    declared = declared_checks(table, connection.dialect)
    existing = inspect(connection).get_check_constraints(table.name, schema=schema)
    left = [(item["name"], item["sqltext"]) for item in existing]
    added = []
    for name, sql in declared:
        same = next((item for item in left if is_same(item, name, sql, table, connection)), None)
        if same:
            left.remove(same)
        elif name:  # without a name nothing could drop it again
            added.append(CreateCheckOp.from_constraint(named(name, sql, table)))
    removed = [DropCheckOp.from_constraint(named(name, sql, table)) for name, sql in left if name]
    return removed + added


def declared_checks(table: Any, dialect: Any) -> list[tuple[str | None, str]]:
    """(name, SQL) of each CHECK that the dialect really creates."""
    compiler = dialect.ddl_compiler(dialect, None)
    found = []
    for constraint in sorted(table.constraints, key=lambda item: str(item.name)):
        if not isinstance(constraint, CheckConstraint) or not created(constraint, compiler):
            continue
        sql = str(compiler.sql_compiler.process(constraint.sqltext, include_table=False, literal_binds=True))
        sql = sql.replace("%%", "%") if dialect.paramstyle in ("format", "pyformat") else sql
        found.append((final_name(constraint, dialect), sql))
    return found


def created(constraint: Any, compiler: Any) -> bool:
    """The CHECK of an Enum exists only where the database has no such type."""
    rule = getattr(constraint, "_create_rule", None)
    return rule is None or bool(rule(compiler))


def final_name(constraint: Any, dialect: Any) -> str | None:
    """The name after the naming convention."""
    if constraint.name is None:
        return None
    name = dialect.identifier_preparer.format_constraint(constraint, _alembic_quote=False)
    return str(name) if name else None


def is_same(existing: tuple[str | None, str], name: str | None, sql: str, table: Any, connection: Any) -> bool:
    if name and existing[0] and name != existing[0]:
        return False
    if plain(existing[1]) == plain(sql):
        return True
    if connection.dialect.name != "postgresql":
        return False
    asked = as_the_server_writes(sql, table, connection)
    return asked is not None and plain(existing[1]) == plain(asked)


def plain(sql: str) -> str:
    """The SQL without what a database adds when it shows it: casts, brackets, blanks, capitals."""
    outside = ANY.sub(r"in (\1)", CASTS.sub("", PIECES.sub(guard, sql).lower()))
    literals = PIECES.findall(sql)
    folded = re.sub(r'[\s()"\[\]`]', "", outside)
    return folded + "|" + "|".join(literals)


def guard(match: Any) -> str:
    return " ? "


def as_the_server_writes(sql: str, table: Any, connection: Any) -> str | None:
    """PostgreSQL's own spelling, asked with an empty temporary table; None where that is not permitted."""
    copy = "CREATE TEMPORARY TABLE aksara_agent_check (LIKE {})".format(
        connection.dialect.identifier_preparer.format_table(table)
    )
    with connection.engine.connect() as other:
        try:
            other.execute(text(copy))
            other.exec_driver_sql("ALTER TABLE aksara_agent_check ADD CONSTRAINT asked CHECK ({})".format(sql))
            found = inspect(other).get_check_constraints("aksara_agent_check")
            return str(found[0]["sqltext"])
        except DBAPIError:
            return None
        finally:
            other.rollback()


def named(name: str, sql: str, table: Any) -> Any:
    """A copy that belongs to a bare table, so that nothing else of the model is rendered with it."""
    constraint = CheckConstraint(text(sql.replace(":", "\\:")), name=conv(name))
    Table(table.name, MetaData(), schema=table.schema).append_constraint(constraint)
    return constraint
