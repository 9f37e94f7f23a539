"""A mapped class as data: fields, indexes, constraints, relations, number of rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    UniqueConstraint,
    func,
    inspect,
    select,
)
from sqlalchemy.schema import Table

from .columns import describe_field, describe_index
from .failures import RequestError
from .mapped import columns_of, relations_of
from .readonly import read_only
from .reflect import compare_with_database

COUNT_SECONDS = 2.0
DIRECTIONS = {"MANYTOONE": "ManyToOne", "ONETOMANY": "OneToMany", "MANYTOMANY": "ManyToMany"}


def describe(model: Any, loaded: Any, with_rows: bool) -> dict[str, Any]:
    """Everything the metadata says; the database adds row_count and the indexes that really exist."""
    tables = [table for table in inspect(model).tables if isinstance(table, Table)]
    leading = leading_columns(tables)
    indexes = [describe_index(index) for table in tables for index in sorted_indexes(table)]
    described: dict[str, Any] = {
        "table": tables[0].name if tables else None,
        "fields": [describe_field(name, column, leading) for name, column in columns_of(model).items()],
        "indexes": indexes,
        "constraints": [item for table in tables for item in constraints_of(table)],
        "relations": [describe_relation(relation) for relation in relations_of(model).values()],
        "row_count": None,
        "notes": list(loaded.notes),
    }
    if with_rows:
        described["row_count"], note = row_count(model, loaded)
        described["notes"] += [note] if note else []
    described["notes"] += compare_with_database(described, tables, loaded)
    return described


def sorted_indexes(table: Any) -> list[Any]:
    return sorted(table.indexes, key=lambda index: str(index.name))


def leading_columns(tables: list[Any]) -> set[Any]:
    """The first columns of keys, unique constraints and indexes: a lookup by them alone is quick."""
    leading = set()
    for table in tables:
        groups = [list(index.columns) for index in table.indexes]
        for constraint in table.constraints:
            if isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint)):
                groups.append(list(constraint.columns))
        leading |= {group[0] for group in groups if group}
    return leading


def constraints_of(table: Any) -> list[dict[str, Any]]:
    found = [describe_constraint(constraint) for constraint in table.constraints]
    return sorted((item for item in found if item), key=lambda item: (item["kind"], item["columns"]))


def describe_constraint(constraint: Any) -> dict[str, Any]:
    name = str(constraint.name) if isinstance(constraint.name, str) else None
    base = {"name": name, "columns": [column.name for column in getattr(constraint, "columns", [])]}
    if isinstance(constraint, PrimaryKeyConstraint):
        return dict(base, kind="primary_key") if base["columns"] else {}
    if isinstance(constraint, UniqueConstraint):
        return dict(base, kind="unique")
    if isinstance(constraint, ForeignKeyConstraint):
        target = ", ".join(element.target_fullname for element in constraint.elements)
        return dict(base, kind="foreign_key", target=target, on_delete=constraint.ondelete)
    if isinstance(constraint, CheckConstraint):
        return dict(base, kind="check", sql=str(constraint.sqltext))
    return {}


def describe_relation(relation: Any) -> dict[str, Any]:
    direction = DIRECTIONS.get(relation.direction.name, relation.direction.name)
    if direction == "OneToMany" and not relation.uselist:
        direction = "OneToOne"
    keys = {column for pair in relation.local_remote_pairs for column in pair if column.foreign_keys}
    secondary = relation.secondary
    described: dict[str, Any] = {
        "name": relation.key,
        "target": relation.mapper.class_.__qualname__,
        "direction": direction,
        "foreign_keys": sorted("{}.{}".format(key.table.name, key.name) for key in keys),
        "back_populates": relation.back_populates or back_reference(relation),
    }
    if isinstance(secondary, Table):
        described["secondary"] = secondary.name
        described["secondary_unique"] = covers_unique(secondary, {key.name for key in keys})
    return described


def back_reference(relation: Any) -> str | None:
    backref = getattr(relation, "backref", None)
    return backref[0] if isinstance(backref, tuple) else backref


def covers_unique(table: Any, columns: set[str]) -> bool:
    """True when the table itself forbids the same pair twice."""
    groups = [{column.name for column in index.columns} for index in table.indexes if index.unique]
    for constraint in table.constraints:
        if isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint)):
            groups.append({column.name for column in constraint.columns})
    return any(group and group <= columns for group in groups)


def row_count(model: Any, loaded: Any) -> tuple[int | None, str | None]:
    """The number of rows, or None and the reason."""
    try:
        with read_only(loaded.database(), COUNT_SECONDS) as connection:
            return int(connection.execute(select(func.count()).select_from(model)).scalar()), None
    except RequestError as error:
        return None, "no row count: " + str(error)
