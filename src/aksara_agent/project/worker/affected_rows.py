"""The rows that an update or a delete is about, whatever the framework: which, how many, and still the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Callable

from .failures import RequestError
from .inverse import undo_notes
from .rows import plain_row
from .suggest import did_you_mean

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 10_000
SHOWN = 20


class AffectedRows:
    """A subclass finds them: their keys, their images by table, and for a delete all that goes with them."""

    keys: list[Any]
    images: list[tuple[Any, list[dict[str, Any]]]]
    removal: Any = None  # answers refused(), related() and everything()

    def table_name(self, table: Any) -> str:
        raise NotImplementedError

    def fingerprint(self) -> str:
        """ "3:9f86d0…": the number of rows and a hash of everything that stands in them and goes with them."""
        rows: list[Any] = [[self.table_name(table), images] for table, images in self.images]
        if self.removal is not None:
            rows += [*self.removal.everything(), sorted(self.removal.refused().items())]
        text = json.dumps(rows, sort_keys=True)
        return "{}:{}".format(len(self.keys), hashlib.sha256(text.encode("utf-8")).hexdigest()[:32])

    def check(self, expected: str | None) -> None:
        """RequestError when these are not the rows that somebody has approved."""
        if expected and expected != self.fingerprint():
            message = "the rows changed after they were approved ({} then, {} now): nothing was written; ask again"
            raise RequestError(message.format(expected.partition(":")[0], len(self.keys)))

    def plan(
        self, before: list[dict[str, Any]], keys: list[Any], values: dict[str, Any], statement: str, cascade: bool
    ) -> dict[str, Any]:
        """What a change to `values`, or without any a delete, would do. RequestError where it may not."""
        related = []
        if self.removal is not None:
            self.refuse_side_effects(cascade)
            related = self.removal.related()
        return {
            "count": len(self.keys),
            "keys": keys,
            "before": before,
            "after": [dict(row, **plain_row(values)) for row in before] if values else [],
            "related": related,
            "statement": statement,
            "fingerprint": self.fingerprint(),
            "notes": undo_notes({self.table_name(table): images for table, images in self.images}),
        }

    def refuse_side_effects(self, cascade: bool) -> None:
        """RequestError when rows would be left pointing nowhere, or others would go that nobody spoke of."""
        refused = self.removal.refused()
        if refused:
            counts = ", ".join("{} rows by {}".format(number, name) for name, number in refused.items())
            raise RequestError("nothing was deleted: {} still refer to it; change or delete them first".format(counts))
        related = self.removal.related()
        if related and not cascade:
            counts = ", ".join("{action} {count} rows by {through}".format(**item) for item in related)
            message = "nothing was deleted: it would also {}; say cascade=true if that is wanted"
            raise RequestError(message.format(counts))


def expect_some(found: list[Any], limit: int, model: str, count: Callable[[], Any]) -> None:
    """RequestError for no rows, and for more than the limit with their number."""
    if not found:
        raise RequestError("no {} matches: nothing was changed".format(model))
    if len(found) > limit:
        message = "{:,} {} rows match, more than limit={:,}: narrow the filter, or give a higher limit (at most {:,})"
        raise RequestError(message.format(count(), model, limit, LARGEST_LIMIT))


def filters_of(change: dict[str, Any], model: str, key_fields: list[str]) -> dict[str, Any]:
    """The filter that was given, or that of the primary key; one of them, and never an empty one."""
    key, filters = change.get("key"), change.get("filters")
    if (key is None) == (filters is None):
        raise RequestError("say which rows: give either key or filters")
    if key is not None:
        return key_filter(model, key_fields, key)
    if not filters:
        message = 'an empty filter matches every row; if that is meant, say {{"{}__isnull": false}}'
        raise RequestError(message.format(key_fields[0]))
    return filters  # type: ignore[no-any-return]


def key_filter(model: str, fields: list[str], key: Any) -> dict[str, Any]:
    """The filter for a primary key: a value, or an object with each of its fields."""
    values = key if isinstance(key, dict) else {fields[0]: key} if len(fields) == 1 else {}
    for name in values:
        if name not in fields:
            raise RequestError("{!r} is no part of the primary key: {}".format(name, did_you_mean(name, fields)))
    if set(values) != set(fields) or None in values.values():
        example = ", ".join('"{}": …'.format(name) for name in fields)
        raise RequestError("the primary key of {} is {{{}}}, not {!r:.80}".format(model, example, key))
    return values


def limit_of(change: dict[str, Any]) -> int:
    limit = change.get("limit")
    if limit is None:
        return DEFAULT_LIMIT
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= LARGEST_LIMIT:
        raise RequestError("limit is a whole number from 1 to {:,}, not {!r}".format(LARGEST_LIMIT, limit))
    return limit


def rows_given(change: dict[str, Any]) -> list[Any]:
    """The values of each row to create."""
    given = change.get("values")
    rows = given if isinstance(given, list) else [given]
    limit = limit_of(change)
    if not 1 <= len(rows) <= limit:
        raise RequestError("{:,} rows are given; limit={:,}".format(len(rows), limit))
    return rows
