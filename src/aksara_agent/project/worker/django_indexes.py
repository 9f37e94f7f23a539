"""Indexes and constraints that a Django model declares, in Meta and on its fields."""

from __future__ import annotations

from typing import Any

from django.db.models import CheckConstraint, F, UniqueConstraint

from .django_fields import foreign_key, key_fields


def own_tables(model: Any) -> list[Any]:
    """The model's options and those of the parents whose tables it shares (multi-table inheritance)."""
    concrete = model._meta.concrete_model
    lines = [concrete, *concrete._meta.get_parent_list()]
    return [parent._meta for parent in lines if not parent._meta.proxy]


def indexes_of(meta: Any) -> list[dict[str, Any]]:
    found = [{"name": index.name, "columns": index_columns(meta, index), "unique": False} for index in meta.indexes]
    found += [
        {"name": "db_index of {}".format(field.name), "columns": [field.column], "unique": False}
        for field in meta.local_concrete_fields
        if field.db_index and not field.unique
    ]
    # index_together was removed in Django 5.1
    for names in getattr(meta, "index_together", ()):
        found.append({"name": "index_together", "columns": columns(meta, names), "unique": False})
    return sorted(found, key=lambda index: str(index["name"]))


def index_columns(meta: Any, index: Any) -> list[str]:
    if index.fields:
        return columns(meta, [name for name, _ in index.fields_orders])
    return [str(expression) for expression in index.expressions]


def columns(meta: Any, names: Any) -> list[str]:
    return [meta.get_field(name).column for name in names]


def unique_groups(meta: Any) -> list[list[str]]:
    """Every set of columns that is unique in the whole table, the primary key first."""
    groups = [[field.column for field in key_fields(meta.model)]]
    groups += [[field.column] for field in meta.local_concrete_fields if field.unique and not field.primary_key]
    groups += [columns(meta, names) for names in meta.unique_together]
    groups += [columns(meta, item.fields) for item in meta.constraints if is_plain_unique(item)]
    return groups


def is_plain_unique(constraint: Any) -> bool:
    return isinstance(constraint, UniqueConstraint) and bool(constraint.fields) and constraint.condition is None


def constraints_of(meta: Any) -> list[dict[str, Any]]:
    key, *unique = unique_groups(meta)
    found: list[dict[str, Any]] = [{"kind": "primary_key", "name": None, "columns": key}]
    named = {tuple(columns(meta, item.fields)): item.name for item in meta.constraints if is_plain_unique(item)}
    found += [{"kind": "unique", "name": named.get(tuple(group)), "columns": group} for group in unique]
    found += [described for item in meta.constraints for described in special_constraint(meta, item)]
    found += [
        {
            "kind": "foreign_key",
            "name": None,
            "columns": [field.column],
            "target": foreign_key(field),
            "on_delete": getattr(field.remote_field.on_delete, "__name__", None),
        }
        for field in meta.local_concrete_fields
        if foreign_key(field)
    ]
    return sorted(found, key=lambda item: (item["kind"], item["columns"]))


def special_constraint(meta: Any, item: Any) -> list[dict[str, Any]]:
    """Checks, and unique constraints with a condition or an expression."""
    if isinstance(item, CheckConstraint):
        rule = item.condition if hasattr(item, "condition") else item.check  # renamed in Django 5.1
        return [{"kind": "check", "name": item.name, "columns": [], "sql": str(rule)}]
    if not isinstance(item, UniqueConstraint) or is_plain_unique(item):
        return []
    names = list(item.fields) or [
        part.name for expression in item.expressions for part in expression.flatten() if isinstance(part, F)
    ]
    rule = ", ".join(map(str, item.expressions)) if item.expressions else "where {}".format(item.condition)
    return [{"kind": "unique", "name": item.name, "columns": columns(meta, names), "sql": rule}]
