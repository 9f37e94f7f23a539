"""Takes changes of Django rows back: all of them in one transaction, or none."""

from __future__ import annotations

import contextlib
from typing import Any

from django.db import connections, transaction
from django.db.models.deletion import get_candidate_relations_to_delete

from . import django_images as images
from .django_database import shown_url
from .django_writing import writing
from .failures import RequestError
from .undoing import ELSEWHERE, RowStore, Undoing


class DjangoStore(RowStore):
    """Rows of the models' tables, through one connection."""

    def referring(self, table: Any, image: dict[str, Any]) -> str | None:
        for relation in get_candidate_relations_to_delete(table._meta):
            field = relation.field
            value = image.get(field.target_field.column)
            if value is not None and images.read(self.connection, field.model, [field.column], [[value]]):
                return str(field.model._meta.db_table)
        return None


def undo(request: dict[str, Any]) -> dict[str, list[str]]:
    """What was restored, deleted and inserted again. RequestError, with nothing touched, when a row was changed.

    Each database has a transaction of its own; none is committed before all of them have been taken back.
    A rehearsal does all of it and then leaves everything as it was.
    """
    undoings: dict[str, Undoing] = {}
    with contextlib.ExitStack() as stack:
        for alias, changes in by_alias(request["inverses"]).items():
            connection = stack.enter_context(writing(alias, float(request["seconds"])))
            undoings[alias] = Undoing(DjangoStore(images, connection, images.tables()), changes)
            undoings[alias].refuse_conflicts()
        for alias, undoing in undoings.items():
            undoing.take_back()
            if request["rehearsal"]:
                transaction.set_rollback(True, using=alias)
    parts = [undoing.summary() for undoing in undoings.values()]
    return {word: [label for part in parts for label in part[word]] for word in ("restored", "deleted", "reinserted")}


def by_alias(inverses: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The changes in their order, by database. RequestError when the project has that database no more."""
    urls = {shown_url(connections[alias].settings_dict, connections[alias].vendor): alias for alias in connections}
    found: dict[str, list[dict[str, Any]]] = {}
    for inverse in inverses:
        if inverse["database"] not in urls:
            raise RequestError(ELSEWHERE.format(inverse["database"], " and ".join(urls)))
        found.setdefault(urls[inverse["database"]], []).extend(inverse["changes"])
    return found
