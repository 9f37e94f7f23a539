"""Builds a model's description from the scan alone, or from the worker's answer and the scan's places."""

from __future__ import annotations

from typing import Any, cast

from .description import FieldDescription, ModelDescription, Use
from .facts import FieldFacts
from .scan_models import StaticModel
from .worker.hidden import is_hidden


def live_description(model: StaticModel, answer: dict[str, Any], uses: list[Use]) -> ModelDescription:
    """The worker knows what is true, the scan knows where it is written."""
    places = {facts.name: (facts, path) for facts, path in model.fields}
    fields: list[FieldDescription] = []
    for field in answer["fields"]:
        facts, path = places.get(field["name"], (None, None))
        written = {
            "file": path,
            "line": facts.line if facts else None,
            "annotation": facts.annotation if facts else None,
        }
        fields.append(cast(FieldDescription, field | written))
    return {
        "name": model.summary["name"],
        "table": answer["table"],
        "file": model.summary["file"],
        "line": model.summary["line"],
        "framework": model.summary["framework"],
        "source": "live",
        "fields": fields,
        "indexes": answer["indexes"],
        "constraints": answer["constraints"],
        "relations": answer["relations"],
        "row_count": answer["row_count"],
        "used_by": uses,
        "notes": answer["notes"],
    }


def static_description(model: StaticModel, uses: list[Use], why: str) -> ModelDescription:
    """What the source says; indexes and constraints made elsewhere are not in it, so `why` is a note."""
    return {
        "name": model.summary["name"],
        "table": model.summary["table"],
        "file": model.summary["file"],
        "line": model.summary["line"],
        "framework": model.summary["framework"],
        "source": "static",
        "fields": [static_field(facts, path) for facts, path in model.fields],
        "indexes": [],
        "constraints": [],
        "relations": [
            {
                "name": item.name,
                "target": item.target,
                "direction": "unknown",
                "foreign_keys": [],
                "back_populates": None,
            }
            for item, _ in model.relations
        ],
        "row_count": None,
        "used_by": uses,
        "notes": [f"read from the source only: {why}"],
    }


def static_field(facts: FieldFacts, path: str) -> FieldDescription:
    return {
        "name": facts.name,
        "column": facts.column,
        "type": facts.type,
        "nullable": bool(facts.nullable) if facts.nullable is not None else not facts.primary_key,
        "primary_key": facts.primary_key,
        "unique": facts.unique or facts.primary_key,
        "indexed": facts.indexed or facts.unique or facts.primary_key,
        "default": facts.default,
        "foreign_key": facts.foreign_key,
        "file": path,
        "line": facts.line,
        "annotation": facts.annotation,
        "hidden": facts.sensitive or is_hidden(facts.name, facts.column),
    }
