"""What a delete takes with it: the rows that refer to it, and those that refer to them."""

from __future__ import annotations

from typing import Any

from .failures import RequestError
from .images import among, key_of, overwrite, parts, read, remove, reread
from .references import DELETE, EMPTY, Reference, references, tables

MOST_ROWS = 20_000


class Removal:
    """The rows that go (`gone`), are emptied (`emptied`) or stand in the way, found before any is touched."""

    def __init__(self, connection: Any, lock: bool = False) -> None:
        self.connection, self.lock = connection, lock
        self.references = references()
        self.gone: dict[Any, dict[str, dict[str, Any]]] = {}
        self.emptied: dict[Any, dict[str, tuple[dict[str, Any], set[str]]]] = {}
        self.found: dict[str, tuple[Reference, int]] = {}
        self.standing: list[tuple[Reference, dict[str, Any]]] = []

    def add(self, table: Any, images: list[dict[str, Any]]) -> None:
        """Take these rows, and follow every reference to them."""
        known = self.gone.setdefault(table, {})
        fresh = [image for image in images if key_of(table, image) not in known]
        known.update((key_of(table, image), image) for image in fresh)
        if sum(len(rows) for rows in self.gone.values()) > MOST_ROWS:
            message = "more than {:,} rows would go with it; delete in smaller steps"
            raise RequestError(message.format(MOST_ROWS))
        for reference in self.references.get(table, []) if fresh else []:
            self.follow(reference, fresh)

    def follow(self, reference: Reference, targets: list[dict[str, Any]]) -> None:
        found = self.referring(reference, targets)
        if reference.rule == DELETE:
            known = self.gone.get(reference.table, {})
            new = [image for image in found if key_of(reference.table, image) not in known]
            self.count(reference, len(new))
            self.add(reference.table, new)
        elif reference.rule == EMPTY:
            self.count(reference, len(found))
            for image in found:
                rows = self.emptied.setdefault(reference.table, {})
                _, columns = rows.setdefault(key_of(reference.table, image), (image, set()))
                columns.update(column.name for column in reference.columns)
        else:
            self.standing += [(reference, image) for image in found]

    def referring(self, reference: Reference, targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
        values = [[image[column.name] for column in reference.targets] for image in targets]
        found = []
        for part in parts(group for group in values if None not in group):
            condition = among(reference.columns, part, self.connection.dialect.name)
            found += read(self.connection, reference.table, condition, self.lock)
        return found

    def count(self, reference: Reference, number: int) -> None:
        if number:
            before = self.found.get(reference.name, (reference, 0))[1]
            self.found[reference.name] = (reference, before + number)

    def refused(self) -> dict[str, int]:
        """References that nothing provides for, by name: how many rows that stay hold one."""
        counts: dict[str, int] = {}
        for reference, image in self.standing:
            if key_of(reference.table, image) not in self.gone.get(reference.table, {}):
                counts[reference.name] = counts.get(reference.name, 0) + 1
        return counts

    def related(self) -> list[dict[str, Any]]:
        """What happens to rows beside those that were named, as data."""
        items = [(ref.table.fullname, ref.rule, ref.name, number) for ref, number in self.found.values()]
        return [{"table": t, "action": rule, "through": name, "count": number} for t, rule, name, number in items]

    def carry_out(self) -> list[tuple[Any, dict[str, Any], dict[str, Any] | None]]:
        """Empty and delete, referring rows first; (table, before, after) of each. RequestError when one was missed."""
        changes: list[tuple[Any, dict[str, Any], dict[str, Any] | None]] = []
        for table, rows in self.emptied.items():
            for key, (image, columns) in rows.items():
                if key in self.gone.get(table, {}):
                    continue
                after = dict(image, **dict.fromkeys(columns))
                self.expect(table, overwrite(self.connection, table, after), 1)
                changes.append((table, image, after))
        for table in children_first(self.gone):
            images = list(self.gone[table].values())[::-1]  # of a tree the leaves were found last
            gone = remove(self.connection, table, images)
            own = any(reference.table is table for reference in self.references.get(table, []))
            # In a tree the database's own cascade may have been quicker; that all are gone is what counts.
            settled = own and not reread(self.connection, table, images)
            self.expect(table, len(images) if settled else gone, len(images))
            changes += [(table, image, None) for image in images]
        return changes

    def expect(self, table: Any, number: int, expected: int) -> None:
        if number != expected:
            message = "{} rows of {} were to change, {} did: nothing was changed"
            raise RequestError(message.format(expected, table.fullname, number))


def children_first(gone: dict[Any, Any]) -> list[Any]:
    order = {table: number for number, table in enumerate(sorted_tables())}
    return sorted((table for table in gone if gone[table]), key=lambda table: -order.get(table, -1))


def sorted_tables() -> list[Any]:
    """All tables, each after those that it refers to."""
    import warnings

    known = tables().values()
    with warnings.catch_warnings():  # about cycles, which no order can serve
        warnings.simplefilter("ignore")
        metadata = list(dict.fromkeys(table.metadata for table in known))
        return [table for one in metadata for table in one.sorted_tables]
