"""The fields and relations of an Aksara model, by the names of its queries."""

from __future__ import annotations

from typing import Any

from .aksara_relations import Relation, forward, reverse
from .failures import RequestError
from .hidden import is_hidden
from .lookup_names import LOOKUPS
from .model_names import ModelNames


class AksaraNames(ModelNames):
    """Columns by column name ("author_id"), relations by field name and related_name ("author", "posts")."""

    def columns(self, model: Any) -> dict[str, Any]:
        return {field.column_name: field for field in model._fields.values()}

    def relations(self, model: Any) -> dict[str, Any]:
        found: dict[str, Relation] = {}
        for relation in [*forward(model), *reverse(model)]:
            found.setdefault(relation.name, relation)  # of two reverse sides with one name Aksara takes the first
        return found

    def target(self, relation: Any) -> Any:
        return relation.target

    def leads_to_many(self, relation: Any) -> bool:
        return str(relation.direction).endswith("ToMany")

    def is_hidden(self, field: str, column: Any) -> bool:
        return bool(column.ai_sensitive) or is_hidden(column.name, column.column_name)

    def is_nullable(self, column: Any) -> bool:
        return bool(column.nullable)

    def visible_column(self, model: Any, field: str) -> Any:
        """Says it when the model itself keeps a field or all its rows from agents."""
        check_exposed(model)
        column = self.columns(model).get(field)
        if column is not None and column.ai_sensitive:
            message = "{}.{} is marked ai_sensitive: it cannot be shown, filtered, ordered or aggregated"
            raise RequestError(message.format(model.__qualname__, field))
        return super().visible_column(model, field)

    def plain(self, model: Any, key: str) -> str:
        """ "author" and "author__in" mean author_id, as in Aksara's own filters."""
        first, dots, rest = key.partition("__")
        field = model._fk_fields.get(first)
        if field is None or first in self.columns(model):
            return key
        if not rest or (rest in LOOKUPS and rest != "isnull"):
            return str(field.db_column_name) + dots + rest
        return key


def check_exposed(model: Any) -> None:
    if not model._ai_meta.ai_agent_exposed:
        message = "the rows of {} are kept from agents: Meta.ai_agent_exposed is False in its model"
        raise RequestError(message.format(model.__qualname__))


NAMES = AksaraNames()
