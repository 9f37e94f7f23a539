"""Django's own Collector, watched: which foreign keys a delete follows, and what it finds by them."""

from __future__ import annotations

from typing import Any

from django.db.models import PROTECT, RESTRICT, QuerySet
from django.db.models.deletion import Collector


class Watching(Collector):  # type: ignore[misc]
    """Remembers the rows that it found, by foreign key."""

    def __init__(self, using: str, origin: Any) -> None:
        super().__init__(using=using, origin=origin)
        self.followed: dict[Any, set[Any]] = {}

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> Any:
        for field in related_fields:
            found = super().related_objects(related_model, [field], objs)
            self.followed.setdefault(field, set()).update(found.values_list("pk", flat=True))
        return super().related_objects(related_model, related_fields, objs)

    def protected(self) -> dict[str, int]:
        """How many rows stand in the way, by the name of their foreign key."""
        rules = (PROTECT, RESTRICT)
        followed = self.followed.items()
        return {name_of(f): len(keys) for f, keys in followed if keys and f.remote_field.on_delete in rules}

    def going(self) -> dict[Any, set[Any]]:
        """The primary keys of all rows that a delete removes, by model."""
        gone: dict[Any, set[Any]] = {}
        for rows in self.fast_deletes:
            gone.setdefault(concrete(rows.model), set()).update(keys_of(rows))
        for model, instances in self.data.items():
            gone.setdefault(concrete(model), set()).update(keys_of(instances))
        return {model: keys for model, keys in gone.items() if keys}


def concrete(model: Any) -> Any:
    return model._meta.concrete_model


def keys_of(rows: Any) -> set[Any]:
    return set(rows.values_list("pk", flat=True)) if isinstance(rows, QuerySet) else {row.pk for row in rows}


def name_of(field: Any) -> str:
    """ "posts.author_id"."""
    return "{}.{}".format(field.model._meta.db_table, field.column)
