"""Takes changes of rows back, the last first: all of them in one transaction, or none."""

from __future__ import annotations

from typing import Any

from .failures import RequestError
from .images import key_of, label, overwrite, put_back, remove, reread
from .references import references, tables
from .removal import Removal
from .writing import writing

Row = Any  # an image, or None where there is no row
MOST_NAMED = 5


class Undoing:
    """The changes of a run, and how each row stands now."""

    def __init__(self, connection: Any, changes: list[dict[str, Any]]) -> None:
        self.connection, self.changes = connection, changes
        self.tables = {change["table"]: known_table(change["table"]) for change in changes}
        self.first: dict[Any, Row] = {}
        self.last: dict[Any, Row] = {}
        for change in changes:
            place = self.place(change)
            self.first.setdefault(place, change["before"])
            self.last[place] = change["after"]
        self.now = self.current()
        self.finished = {place for place, before in self.first.items() if self.now.get(place) == before}

    def place(self, change: dict[str, Any]) -> tuple[str, str]:
        return change["table"], key_of(self.tables[change["table"]], change["after"] or change["before"])

    def current(self) -> dict[Any, Row]:
        found = {}
        for name, table in self.tables.items():
            images = {self.place(c): c["after"] or c["before"] for c in self.changes if c["table"] == name}
            rows = reread(self.connection, table, list(images.values()), lock=True)
            found.update({(name, key): row for key, row in rows.items()})
        return found

    def refuse_conflicts(self) -> None:
        """RequestError when a row is neither as the run left it nor as it was before."""
        changed = [p for p, after in self.last.items() if p not in self.finished and self.now.get(p) != after]
        if changed:
            names = ", ".join(self.label(place) for place in changed[:MOST_NAMED]) + more(changed)
            raise RequestError(names + " changed after the run")

    def label(self, place: Any) -> str:
        row = self.last[place] or self.first[place] or self.now.get(place)
        return label(self.tables[place[0]], row) if row else place[0]

    def take_back(self) -> None:
        """Each change in reverse, so that no constraint is met in a state that never was."""
        for change in reversed(self.changes):
            if self.place(change) not in self.finished:
                self.reverse(self.tables[change["table"]], change["before"], change["after"])

    def reverse(self, table: Any, before: Row, after: Row) -> None:
        if after is None:
            put_back(self.connection, table, before)
            return
        if before is None:
            self.refuse_references(table, after)
            touched = remove(self.connection, table, [after])
        else:
            touched = overwrite(self.connection, table, before)
        if touched != 1:
            raise RequestError(label(table, before or after) + " changed after the run")

    def refuse_references(self, table: Any, image: dict[str, Any]) -> None:
        """A row that the run created must not go while others refer to it."""
        removal = Removal(self.connection)
        for reference in references().get(table, []):
            if removal.referring(reference, [image]):
                message = "rows of {} refer to {}, which the run created"
                raise RequestError(message.format(reference.table.fullname, label(table, image)))

    def summary(self) -> dict[str, list[str]]:
        done = [place for place in self.first if place not in self.finished]
        return {
            "restored": [self.label(p) for p in done if self.first[p] and self.last[p]],
            "deleted": [self.label(p) for p in done if self.first[p] is None],
            "reinserted": [self.label(p) for p in done if self.last[p] is None],
        }


def undo(database: Any, request: dict[str, Any]) -> dict[str, list[str]]:
    """What was restored, deleted and inserted again. RequestError, with nothing touched, when a row was changed."""
    with writing(database, float(request["seconds"])) as session:
        undoing = Undoing(session.connection(), changes_of(request["inverses"], database))
        undoing.refuse_conflicts()
        undoing.take_back()
        session.commit()
    return undoing.summary()


def changes_of(inverses: list[dict[str, Any]], database: Any) -> list[dict[str, Any]]:
    """The changes in their order. RequestError when they were made in another database."""
    for inverse in inverses:
        if inverse["database"] != database.shown_url:
            message = "the rows were changed in {}, and the project now uses {}"
            raise RequestError(message.format(inverse["database"], database.shown_url))
    return [change for inverse in inverses for change in inverse["changes"]]


def known_table(name: str) -> Any:
    table = tables().get(name)
    if table is None:
        raise RequestError("table {}, which no model declares any more".format(name))
    return table


def more(places: list[Any]) -> str:
    return " and {} more".format(len(places) - MOST_NAMED) if len(places) > MOST_NAMED else ""
