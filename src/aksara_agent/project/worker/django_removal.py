"""What a delete takes with it, as Django's own Collector finds it, and the delete itself."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from django.db import connections
from django.db.models import CASCADE, DO_NOTHING, ProtectedError, QuerySet, RestrictedError
from django.db.models.deletion import get_candidate_relations_to_delete

from .django_collector import Watching, concrete, keys_of, name_of
from .django_fields import key_fields
from .django_images import key_columns, key_of, read, reread, stored_key
from .django_indexes import own_tables
from .failures import RequestError
from .row_identity import parts

MOST_ROWS = 20_000
Changed = List[Tuple[Any, Optional[Any], Optional[Any]]]


class DjangoRemoval:
    """The rows that go (`gone`), are emptied (`emptied`) or stand in the way, found before any is touched."""

    def __init__(self, model: Any, alias: str, keys: list[Any], lock: bool = False) -> None:
        self.model, self.alias, self.connection, self.lock = model, alias, connections[alias], lock
        self.collector = Watching(alias, QuerySet(model, using=alias))
        self.named = {model._meta.concrete_model: set(keys)}
        self.standing: dict[str, int] = {}
        self.gone: dict[Any, set[Any]] = {}
        self.emptied: dict[Any, set[Any]] = {}
        self.set_to: dict[Any, Any] = {}
        rows = [row for part in parts(keys) for row in QuerySet(model, using=alias).filter(pk__in=part)]
        try:
            self.collector.collect(rows)
        except (ProtectedError, RestrictedError) as error:
            self.standing = self.collector.protected() or {"a rule of the model": len(error.args[1])}
            return
        self.take_over()
        self.images = [(model, self.read(model, found)) for model, found in self.gone.items()]
        self.before = [(model, self.read(model, found)) for model, found in self.emptied.items()]

    def take_over(self) -> None:
        """What the collector found, by model; also the rows that nothing provides for."""
        self.gone = self.collector.going()
        if sum(map(len, self.gone.values())) > MOST_ROWS:
            raise RequestError("more than {:,} rows would go with it; delete in smaller steps".format(MOST_ROWS))
        for (field, value), groups in self.collector.field_updates.items():
            self.set_to[field] = value
            found = {key for group in groups for key in keys_of(group)} - self.gone.get(concrete(field.model), set())
            self.emptied.setdefault(concrete(field.model), set()).update(found)
        for model, keys in list(self.gone.items()):
            for relation in get_candidate_relations_to_delete(model._meta):
                if relation.field.remote_field.on_delete is DO_NOTHING:
                    self.count_left(relation.field, model, keys)

    def count_left(self, field: Any, model: Any, keys: set[Any]) -> None:
        left = set()
        for part in parts(keys):
            targets = QuerySet(model, using=self.alias).filter(pk__in=part)
            rows = QuerySet(field.model, using=self.alias).filter(**{field.name + "__in": targets})
            left.update(rows.values_list("pk", flat=True))
        left -= self.gone.get(concrete(field.model), set())
        if left:
            self.standing[name_of(field)] = len(left)

    def refused(self) -> dict[str, int]:
        """References that nothing provides for, by name: how many rows that stay hold one."""
        return self.standing

    def everything(self) -> list[Any]:
        """All that goes or is emptied, for the fingerprint."""
        if self.standing:
            return []
        return [
            [model._meta.db_table, sorted(key_of(model, image) for image in images)]
            for model, images in [*self.images, *self.before]
        ]

    def related(self) -> list[dict[str, Any]]:
        """What happens to rows beside those that were named, as data."""
        known = {model: set(keys) for model, keys in self.named.items()}
        found = []
        for field, keys in self.collector.followed.items():
            model = concrete(field.model)
            if field.remote_field.on_delete is CASCADE:
                action, keys = "delete", keys - known.setdefault(model, set())
                known[model] |= keys
            elif field in self.set_to:
                action = "set null" if self.set_to[field] is None else "set"
                keys = keys - self.gone.get(model, set())
            else:  # a rule of the project's own that asked for nothing
                continue
            found.append((model, action, name_of(field), len(keys)))
        own = {meta.model for meta in own_tables(self.model)}
        for model, keys in self.gone.items():  # generic relations are followed in a way of their own
            rest = 0 if model in own else len(keys - known.get(model, set()))
            found.append((model, "delete", model._meta.db_table, rest))
        return [
            {"table": model._meta.db_table, "action": action, "through": name, "count": number}
            for model, action, name, number in found
            if number
        ]

    def carry_out(self) -> Changed:
        """Delete through the collector, with its signals; (model, before, after) of each row, referring rows first."""
        self.collector.delete()
        changed: Changed = []
        for model, images in self.before:
            now = reread(self.connection, model, images)
            self.expect(model, len(now), len(images))
            changed += [(model, image, now[key_of(model, image)]) for image in images]
        order = {concrete(model): number for number, model in enumerate(self.collector.data)}
        for model, images in sorted(self.images, key=lambda item: order.get(item[0], -1)):
            self.expect(model, len(images) - len(reread(self.connection, model, images)), len(images))
            changed += [(model, image, None) for image in images[::-1]]  # of a tree the leaves are younger
        return changed

    def expect(self, model: Any, number: int, expected: int) -> None:
        if number != expected:
            message = "{} rows of {} were to change, {} did: nothing was changed"
            raise RequestError(message.format(expected, model._meta.db_table, number))

    def read(self, model: Any, keys: set[Any]) -> list[dict[str, Any]]:
        fields = key_fields(model)
        groups = [stored_key(self.connection, fields, key if len(fields) > 1 else [key]) for key in keys]
        images = read(self.connection, model, key_columns(model), groups, self.lock)
        return sorted(images, key=lambda image: key_of(model, image))
