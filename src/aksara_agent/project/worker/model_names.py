"""The names a request may use: fields and relations of a model, whatever the framework."""

from __future__ import annotations

from typing import Any

from .failures import RequestError
from .lookup_names import LOOKUPS
from .suggest import did_you_mean


class ModelNames:
    """What a subclass knows of its framework's models, and what follows from it."""

    def columns(self, model: Any) -> dict[str, Any]:
        """Field name to the framework's column object."""
        raise NotImplementedError

    def relations(self, model: Any) -> dict[str, Any]:
        raise NotImplementedError

    def target(self, relation: Any) -> Any:
        """The model that a relation leads to."""
        raise NotImplementedError

    def leads_to_many(self, relation: Any) -> bool:
        raise NotImplementedError

    def is_hidden(self, field: str, column: Any) -> bool:
        raise NotImplementedError

    def is_nullable(self, column: Any) -> bool:
        raise NotImplementedError

    def plain(self, model: Any, key: str) -> str:
        """The key in the language's own words, where the framework has another habit."""
        return key

    def follow(self, model: Any, path: Any) -> tuple[list[tuple[str, Any]], str, Any]:
        """The to-one relations on the way, the last field and its column: "author__name" and the like.

        RequestError for unknown, hidden and to-many paths.
        """
        if not isinstance(path, str):
            raise RequestError('a field is a name such as "title" or "author__name", not {!r}'.format(path))
        steps: list[tuple[str, Any]] = []
        rest = self.plain(model, path)
        while rest not in self.columns(model):
            first, _, after = rest.partition("__")
            relation = self.relations(model).get(first)
            if relation is None:
                break
            target = self.target(relation)
            if not after:
                message = "{0} is a relation to {1}; name one of its fields, such as {0}__id"
                raise RequestError(message.format(path, target.__qualname__))
            if self.leads_to_many(relation):
                message = "{} leads to many rows: use it in filters, or query {} itself"
                raise RequestError(message.format(path, target.__qualname__))
            steps.append((first, relation))
            model, rest = target, self.plain(target, after)
        return steps, rest, self.visible_column(model, rest)

    def visible_fields(self, model: Any) -> list[str]:
        return [name for name, column in self.columns(model).items() if not self.is_hidden(name, column)]

    def visible_column(self, model: Any, field: str) -> Any:
        """The column of a field that may be read. RequestError for unknown and for hidden fields."""
        columns = self.columns(model)
        name = model.__qualname__
        if field not in columns:
            valid = self.visible_fields(model) + list(self.relations(model))
            raise RequestError("{} has no field {!r}: {}".format(name, field, did_you_mean(field, valid)))
        if self.is_hidden(field, columns[field]):
            message = "{}.{} holds a secret: it cannot be shown, filtered, ordered or aggregated"
            raise RequestError(message.format(name, field))
        return columns[field]

    def split_lookup(self, model: Any, key: str) -> tuple[str, str]:
        """ "title__icontains" becomes ("title", "icontains")."""
        columns = self.columns(model)
        if key in columns:
            return key, "exact"
        field, _, lookup = key.rpartition("__")
        if field in columns:
            if lookup in LOOKUPS:
                return field, lookup
            raise RequestError("unknown lookup {!r} on {}: {}".format(lookup, field, did_you_mean(lookup, LOOKUPS)))
        return key.partition("__")[0], "exact"
