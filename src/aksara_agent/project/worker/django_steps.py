"""Creating, updating and deleting rows through Django's ORM; each returns its result and the rows it changed."""

from __future__ import annotations

from typing import Any, Dict, Tuple

from django.db import connections
from django.db.models import Model, QuerySet

from .affected_rows import rows_given
from .django_affected import DjangoAffected, images_of, named_key, shown_rows
from .django_given import checked_values, validate
from .django_images import key_of, reread
from .django_removal import Changed
from .failures import RequestError
from .row_identity import parts

Step = Tuple[Dict[str, Any], Changed]


def create(model: Any, alias: str, change: dict[str, Any], expected: str | None) -> Step:
    """Save new rows, so that defaults, signals and the model's own save() work."""
    keys = []
    for values in [checked_values(model, row, True) for row in rows_given(change)]:
        instance = model(**values)
        validate(instance, values)
        instance.save(force_insert=True, using=alias)
        keys.append(instance.pk)
    changed: Changed = [(table, None, image) for table, images in images_of(model, alias, keys) for image in images]
    return outcome("created", model, alias, keys), changed


def update(model: Any, alias: str, change: dict[str, Any], expected: str | None) -> Step:
    """Save each row with its new values, so that auto_now, signals and the model's own save() work."""
    values = checked_values(model, change.get("values"), False)
    affected = DjangoAffected(model, change, alias, lock=True)
    affected.check(expected)
    shown = shown_rows(model, alias, affected.keys)
    for part in parts(affected.keys):
        for instance in QuerySet(model, using=alias).filter(pk__in=part):
            for name, value in values.items():
                setattr(instance, name, value)
            validate(instance, values)
            instance.save()
    changed: Changed = []
    for table, images in affected.images:
        now = reread(connections[alias], table, images)
        if len(now) != len(images):
            message = "{} of {} rows went away: nothing was written"
            raise RequestError(message.format(len(images) - len(now), len(images)))
        pairs = [(image, now[key_of(table, image)]) for image in images]
        changed += [(table, before, after) for before, after in pairs if before != after]
    return dict(outcome("updated", model, alias, affected.keys), before=shown), changed


def delete(model: Any, alias: str, change: dict[str, Any], expected: str | None) -> Step:
    """Delete the rows and what goes with them."""
    affected = DjangoAffected(model, change, alias, lock=True)
    affected.check(expected)
    affected.refuse_side_effects(bool(change.get("cascade")))
    result = dict(outcome("deleted", model, alias, affected.keys), related=affected.removal.related())
    return result, affected.removal.carry_out()


STEPS = {"create": create, "update": update, "delete": delete}


def outcome(word: str, model: Any, alias: str, keys: list[Any]) -> dict[str, Any]:
    """How many rows, and the first of them as a query would show them."""
    rows = shown_rows(model, alias, keys)
    return {word: len(keys), "keys": [named_key(model, row) for row in rows], "rows": rows}


def delete_notes(model: Any) -> list[str]:
    """A delete() of the model's own, which often only marks the row, is not what runs here."""
    if model.delete is Model.delete:
        return []
    message = "{} has a delete() of its own, which does not run: the rows are removed; update them to mark them"
    return [message.format(model.__qualname__)]
