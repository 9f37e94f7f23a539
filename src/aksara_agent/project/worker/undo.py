"""Takes changes of rows back through SQLAlchemy: all of them in one transaction, or none."""

from __future__ import annotations

from typing import Any

from . import images
from .failures import RequestError
from .references import references, tables
from .removal import Removal
from .undoing import ELSEWHERE, RowStore, Undoing
from .writing import writing


class TableStore(RowStore):
    """Rows of the project's tables, through one connection."""

    def referring(self, table: Any, image: dict[str, Any]) -> str | None:
        removal = Removal(self.connection)
        found = (r.table.fullname for r in references().get(table, []) if removal.referring(r, [image]))
        return next(found, None)


def undo(database: Any, request: dict[str, Any]) -> dict[str, list[str]]:
    """What was restored, deleted and inserted again. RequestError, with nothing touched, when a row was changed.

    A rehearsal does all of it and then leaves everything as it was.
    """
    with writing(database, float(request["seconds"])) as session:
        undoing = Undoing(TableStore(images, session.connection(), tables()), changes_of(request["inverses"], database))
        undoing.refuse_conflicts()
        undoing.take_back()
        if not request["rehearsal"]:
            session.commit()
    return undoing.summary()


def changes_of(inverses: list[dict[str, Any]], database: Any) -> list[dict[str, Any]]:
    """The changes in their order. RequestError when they were made in another database."""
    for inverse in inverses:
        if inverse["database"] != database.shown_url:
            raise RequestError(ELSEWHERE.format(inverse["database"], database.shown_url))
    return [change for inverse in inverses for change in inverse["changes"]]
