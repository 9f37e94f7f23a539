"""The fields and relations of a Django model, by the names of its queries."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.fields.reverse_related import ForeignObjectRel

from .hidden import is_hidden
from .lookup_names import LOOKUPS
from .model_names import ModelNames


class DjangoNames(ModelNames):
    """Columns by attname ("author_id"), relations by query name ("author", "posts")."""

    def columns(self, model: Any) -> dict[str, Any]:
        found = {field.attname: field for field in model._meta.concrete_fields}
        if model._meta.pk in model._meta.concrete_fields:  # a composite key is none of them
            found["pk"] = model._meta.pk
        return found

    def visible_fields(self, model: Any) -> list[str]:
        return [name for name in super().visible_fields(model) if name != "pk"]

    def relations(self, model: Any) -> dict[str, Any]:
        return {field.name: field for field in model._meta.get_fields() if is_relation(field)}

    def target(self, relation: Any) -> Any:
        return relation.related_model

    def leads_to_many(self, relation: Any) -> bool:
        return bool(relation.one_to_many or relation.many_to_many)

    def is_hidden(self, field: str, column: Any) -> bool:
        return is_hidden(column.name, column.attname, column.column)

    def is_nullable(self, column: Any) -> bool:
        return bool(column.null)

    def plain(self, model: Any, key: str) -> str:
        """ "author" and "author__in" mean author_id, "post_set__title" means post__title."""
        first, dots, rest = key.partition("__")
        relation = self.relations(model).get(first)
        if relation is None:
            return self.by_accessor(model, first) + dots + rest
        target = relation.related_model
        known = rest in self.columns(target) or rest in self.relations(target)
        if isinstance(relation, models.ForeignKey) and (
            not rest or (rest in LOOKUPS and rest != "isnull" and not known)
        ):
            return str(relation.attname) + dots + rest
        return key

    def by_accessor(self, model: Any, name: str) -> str:
        for query_name, relation in self.relations(model).items():
            if isinstance(relation, ForeignObjectRel) and relation.get_accessor_name() == name:
                return query_name
        return name


def is_relation(field: Any) -> bool:
    """Foreign keys, many-to-many fields and their reverse sides; generic relations have no fixed target."""
    if not isinstance(field, (models.ForeignKey, models.ManyToManyField, ForeignObjectRel)):
        return False
    return not (isinstance(field, ForeignObjectRel) and type(field).__name__ == "GenericRel")


NAMES = DjangoNames()
