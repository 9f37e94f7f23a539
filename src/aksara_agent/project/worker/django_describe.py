"""A Django model as data: fields, indexes, constraints, relations, number of rows, state of its migrations."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from .django_compare import compare_with_database
from .django_database import alias_of
from .django_fields import describe_field
from .django_indexes import constraints_of, indexes_of, own_tables, unique_groups
from .django_names import NAMES
from .django_readonly import ALIAS, read_only
from .failures import RequestError

COUNT_SECONDS = 2.0


def describe(model: Any, notes: list[str], with_rows: bool) -> dict[str, Any]:
    """Everything the models say; the database adds row_count, indexes that really exist and migrations."""
    tables = own_tables(model)
    indexes = [(meta, index) for meta in tables for index in indexes_of(meta)]
    unique = [(meta, group) for meta in tables for group in unique_groups(meta)]
    leading = {(meta.db_table, index["columns"][0]) for meta, index in indexes if index["columns"]}
    leading |= {(meta.db_table, group[0]) for meta, group in unique}
    alone = {(meta.db_table, group[0]) for meta, group in unique if len(group) == 1}
    fields = model._meta.concrete_fields
    described: dict[str, Any] = {
        "table": model._meta.db_table,
        "fields": [describe_field(field, among(fields, leading), among(fields, alone)) for field in fields],
        "indexes": [index for _, index in indexes],
        "constraints": [item for meta in tables for item in constraints_of(meta)],
        "relations": [describe_relation(relation) for relation in NAMES.relations(model).values()],
        "row_count": None,
        "notes": list(notes),
    }
    if model._meta.proxy:
        described["notes"].append("a proxy of {}: it has no table of its own".format(tables[0].label))
    if with_rows:
        described["row_count"], note = row_count(model)
        described["notes"] += [note] if note else []
    described["notes"] += compare_with_database(described, tables, model)
    return described


def among(fields: Any, columns: set[tuple[str, str]]) -> set[Any]:
    return {field for field in fields if (field.model._meta.db_table, field.column) in columns}


def describe_relation(relation: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": relation.name,
        "target": relation.related_model._meta.label,
        "direction": direction(relation),
        "foreign_keys": [],
        "back_populates": other_side(relation),
    }
    field = relation.field if isinstance(relation, ForeignObjectRel) else relation
    if not isinstance(field, models.ManyToManyField):
        described["foreign_keys"] = ["{}.{}".format(field.model._meta.db_table, field.column)]
        return described
    through = field.remote_field.through._meta
    ends = [through.get_field(name).column for name in (field.m2m_field_name(), field.m2m_reverse_field_name())]
    described["foreign_keys"] = sorted("{}.{}".format(through.db_table, column) for column in ends)
    if through.auto_created:  # a table with a model of its own is judged as that model
        described["secondary"] = through.db_table
        described["secondary_unique"] = any(set(group) <= set(ends) for group in unique_groups(through))
    return described


def direction(relation: Any) -> str:
    if relation.one_to_one:
        return "OneToOne"
    if relation.many_to_many:
        return "ManyToMany"
    return "OneToMany" if relation.one_to_many else "ManyToOne"


def other_side(relation: Any) -> str | None:
    if isinstance(relation, ForeignObjectRel):
        return str(relation.field.name)
    other = relation.remote_field
    return None if other.hidden else str(other.name)


def row_count(model: Any) -> tuple[int | None, str | None]:
    """The number of rows, or None and the reason."""
    try:
        with read_only(alias_of(model), COUNT_SECONDS):
            return QuerySet(model, using=ALIAS).count(), None
    except RequestError as error:
        return None, "no row count: " + str(error)
