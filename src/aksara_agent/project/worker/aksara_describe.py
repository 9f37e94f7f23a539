"""An Aksara model as data: fields, relations, what the database really has, state of its migrations."""

from __future__ import annotations

from typing import Any

from .aksara_catalog import Live, look_at
from .aksara_compare import differences
from .aksara_fields import describe_field, foreign_key
from .aksara_migrations import migration_notes
from .aksara_names import NAMES
from .aksara_relations import relation_notes


def describe(model: Any, loaded: Any, with_rows: bool) -> dict[str, Any]:
    """The registry says what is declared; the database adds indexes, constraints, rows and migrations."""
    live = look_at(model, with_rows)
    leading = {index["columns"][0] for index in live.indexes if not index["partial"]} if live.connected else None
    notes = loaded.notes + failed_modules(loaded) + relation_notes(model)
    notes += [live.problem] if live.problem else []
    if live.connected:
        notes += differences(model, live) + migration_notes(model, live, loaded)
    if not model._ai_meta.ai_agent_exposed:
        notes.append("its rows are kept from agents: Meta.ai_agent_exposed is False")
    return {
        "table": model.__tablename__,
        "fields": [describe_field(field, leading) for field in model._fields.values()],
        "indexes": [
            {"name": index["name"], "columns": index["columns"], "unique": index["unique"]}
            for index in live.indexes
            if not index["primary"]
        ],
        "constraints": constraints(model, live),
        "relations": [describe_relation(relation, live) for relation in NAMES.relations(model).values()],
        "row_count": live.row_count,
        "notes": notes,
    }


def constraints(model: Any, live: Live) -> list[dict[str, Any]]:
    """Declared ones, and those that only the database has: Aksara declares none over several columns."""
    keys = [field.column_name for field in model._fields.values() if field.primary_key]
    found: list[dict[str, Any]] = [{"kind": "primary_key", "name": None, "columns": keys}]
    unique = {(field.column_name,): None for field in model._fields.values() if field.unique and not field.primary_key}
    unique.update(
        {
            tuple(index["columns"]): index["name"]
            for index in live.indexes
            if index["unique"] and not index["primary"] and not index["partial"]
        }
    )
    found += [{"kind": "unique", "name": name, "columns": list(group)} for group, name in unique.items()]
    found += [{"kind": "check", "name": item["name"], "columns": [], "sql": item["sql"]} for item in live.checks]
    for field in model._fk_fields.values():
        target = foreign_key(field)
        if target:
            found.append(
                {
                    "kind": "foreign_key",
                    "name": None,
                    "columns": [field.db_column_name],
                    "target": target,
                    "on_delete": str(field.on_delete),
                }
            )
    return sorted(found, key=lambda item: (item["kind"], item["columns"]))


def describe_relation(relation: Any, live: Live) -> dict[str, Any]:
    field = relation.field
    described = {
        "name": relation.name,
        "target": relation.target.__qualname__,
        "direction": relation.direction,
        "back_populates": relation.back,
    }
    if relation.direction != "ManyToMany":
        key = "{}.{}".format(relation.source.__tablename__, field.db_column_name)
        return dict(described, foreign_keys=[key])
    table = field.join_table_name
    ends = {field.source_column, field.target_column}
    indexes = live.join_tables.get(table)
    doubles = indexes is not None and not any(item["unique"] and set(item["columns"]) <= ends for item in indexes)
    return dict(
        described,
        foreign_keys=sorted("{}.{}".format(table, end) for end in ends),
        secondary=table,
        secondary_unique=not doubles,  # Aksara's own SQL for the table keeps a pair unique
    )


def failed_modules(loaded: Any) -> list[str]:
    message = "{} could not be imported ({}: {}); what it says about this model is missing here"
    return [message.format(item["module"], item["type"], item["message"]) for item in loaded.failures]
