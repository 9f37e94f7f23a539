"""The relations of an Aksara model, both ways, and what Aksara passes over in silence."""

from __future__ import annotations

from typing import Any, NamedTuple

from aksara.fields import OneToOne
from aksara.registry import ModelRegistry
from aksara.relations import RelationRegistry, get_default_related_name

from .suggest import did_you_mean

DIRECTIONS = {"o2o": "OneToOne", "fk": "OneToMany", "m2m": "ManyToMany"}


class Relation(NamedTuple):
    """`field` is the key or the many-to-many field of `source`; `own` when we look from that side."""

    name: str
    source: Any
    target: Any
    direction: str
    field: Any
    own: bool
    back: str


def forward(model: Any) -> list[Relation]:
    """Without those whose target is no model."""
    found = []
    for name, field in relation_fields(model).items():
        try:
            target = field.to_model
        except LookupError:
            continue
        kind = "m2m" if name in model._m2m_fields else "o2o" if isinstance(field, OneToOne) else "fk"
        direction = "ManyToOne" if kind == "fk" else DIRECTIONS[kind]
        back = field.related_name or get_default_related_name(model, kind)
        found.append(Relation(name, model, target, direction, field, True, back))
    return found


def reverse(model: Any) -> list[Relation]:
    found = []
    for item in RelationRegistry.get_relations_to(model):
        source = item.source_model
        field = relation_fields(source)[item.field_name]
        direction = DIRECTIONS[item.relation_type]
        found.append(Relation(item.related_name, source, source, direction, field, False, item.field_name))
    return found


def relation_fields(model: Any) -> dict[str, Any]:
    return dict(model._fk_fields, **model._m2m_fields)


def relation_notes(model: Any) -> list[str]:
    """Fields whose target is no model, and reverse sides that hide each other."""
    known = {relation.name for relation in forward(model)}
    notes = []
    for name, field in relation_fields(model).items():
        if name not in known:
            message = "{}.{} refers to {!r}, which is no model: {}"
            hint = did_you_mean(field._to, [other.__name__ for other in ModelRegistry.all().values()])
            notes.append(message.format(model.__name__, name, field._to, hint))
    by_name: dict[str, list[Relation]] = {}
    for relation in reverse(model):
        by_name.setdefault(relation.name, []).append(relation)
    for name, several in by_name.items():
        if len(several) > 1:
            fields = ", ".join("{}.{}".format(item.source.__name__, item.back) for item in several)
            message = "{}.{} is the reverse side of {}; only the first works: give each its own related_name"
            notes.append(message.format(model.__name__, name, fields))
    return notes
