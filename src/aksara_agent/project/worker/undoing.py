"""Takes changes of rows back, the last first, whatever the framework: all of them, or none."""

from __future__ import annotations

from typing import Any

from .failures import RequestError

Row = Any  # an image, or None where there is no row
MOST_NAMED = 5
ELSEWHERE = "the rows were changed in {}, and the project now uses {}"


class RowStore:
    """The rows of one database, by the framework's own module `images` and its own objects for tables, by name."""

    def __init__(self, images: Any, connection: Any, tables: dict[str, Any]) -> None:
        self.images, self.connection, self.tables = images, connection, tables

    def table(self, name: str) -> Any:
        """The table of that name, or None."""
        return self.tables.get(name)

    def key_of(self, table: Any, image: dict[str, Any]) -> str:
        return str(self.images.key_of(table, image))

    def label(self, table: Any, image: dict[str, Any]) -> str:
        return str(self.images.label(table, image))

    def reread(self, table: Any, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """The same rows as they are now, by key, and locked."""
        return dict(self.images.reread(self.connection, table, rows, lock=True))

    def put_back(self, table: Any, image: dict[str, Any]) -> None:
        self.images.put_back(self.connection, table, image)

    def overwrite(self, table: Any, image: dict[str, Any]) -> int:
        return int(self.images.overwrite(self.connection, table, image))

    def remove(self, table: Any, rows: list[dict[str, Any]]) -> int:
        return int(self.images.remove(self.connection, table, rows))

    def referring(self, table: Any, image: dict[str, Any]) -> str | None:
        """The name of a table with a row that refers to this one; how to find it is the framework's own matter."""
        raise NotImplementedError


class Undoing:
    """The changes of a run, and how each row stands now."""

    def __init__(self, store: RowStore, changes: list[dict[str, Any]]) -> None:
        self.store, self.changes = store, changes
        self.tables = {change["table"]: self.known_table(change["table"]) for change in changes}
        self.first: dict[Any, Row] = {}
        self.last: dict[Any, Row] = {}
        for change in changes:
            place = self.place(change)
            self.first.setdefault(place, change["before"])
            self.last[place] = change["after"]
        self.now = self.current()
        self.finished = {place for place, before in self.first.items() if self.now.get(place) == before}

    def known_table(self, name: str) -> Any:
        table = self.store.table(name)
        if table is None:
            raise RequestError("table {}, which no model declares any more".format(name))
        return table

    def place(self, change: dict[str, Any]) -> tuple[str, str]:
        return change["table"], self.store.key_of(self.tables[change["table"]], change["after"] or change["before"])

    def current(self) -> dict[Any, Row]:
        found = {}
        for name, table in self.tables.items():
            images = {self.place(c): c["after"] or c["before"] for c in self.changes if c["table"] == name}
            rows = self.store.reread(table, list(images.values()))
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
        return self.store.label(self.tables[place[0]], row) if row else str(place[0])

    def take_back(self) -> None:
        """Each change in reverse, so that no constraint is met in a state that never was."""
        for change in reversed(self.changes):
            if self.place(change) not in self.finished:
                self.reverse(self.tables[change["table"]], change["before"], change["after"])

    def reverse(self, table: Any, before: Row, after: Row) -> None:
        if after is None:
            self.store.put_back(table, before)
            return
        if before is None:
            self.refuse_references(table, after)
            touched = self.store.remove(table, [after])
        else:
            touched = self.store.overwrite(table, before)
        if touched != 1:
            raise RequestError(self.store.label(table, before or after) + " changed after the run")

    def refuse_references(self, table: Any, image: dict[str, Any]) -> None:
        """A row that the run created must not go while others refer to it."""
        name = self.store.referring(table, image)
        if name:
            message = "rows of {} refer to {}, which the run created"
            raise RequestError(message.format(name, self.store.label(table, image)))

    def summary(self) -> dict[str, list[str]]:
        done = [place for place in self.first if place not in self.finished]
        return {
            "restored": [self.label(p) for p in done if self.first[p] and self.last[p]],
            "deleted": [self.label(p) for p in done if self.first[p] is None],
            "reinserted": [self.label(p) for p in done if self.last[p] is None],
        }


def more(places: list[Any]) -> str:
    return " and {} more".format(len(places) - MOST_NAMED) if len(places) > MOST_NAMED else ""
