"""Reading all rows of a model for a plan, and what refers to them."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from aksara_agent.models.offline.plan import Ask, Seen

PAGE = 250  # rows that fit whole into one result
MOST_ROWS = 5_000  # all of them are compared in one conversation
TOO_LONG = "The rows of {} are too long for me to compare."

Row = dict[str, Any]


def all_rows(model: str, fields: list[str], order: str) -> Generator[list[Ask], list[Seen], list[Row] | str]:
    """All rows, the oldest first; or why they could not be read."""
    asks = [
        Ask("query_records", {"model": model, "fields": fields, "order_by": [order], "limit": PAGE, "offset": offset})
        for offset in offsets(MOST_ROWS)
    ]
    (first,) = yield asks[:1]
    if not whole(first):
        return first.error or TOO_LONG.format(model)
    total = first.value["total"]
    if total > MOST_ROWS:
        return f"{total:,} {model} rows are too many for me: I compare at most {MOST_ROWS:,}."
    others = (yield asks[1 : len(offsets(total))]) if total > PAGE else []
    pages = [first, *others]
    if wrong := [page.error or TOO_LONG.format(model) for page in pages if not whole(page)]:
        return wrong[0]
    return [row for page in pages for row in page.value["rows"]]


def whole(page: Seen) -> bool:
    """False for a page that failed, and for one that was cut and so is no JSON any more."""
    return isinstance(page.value, dict)


def offsets(rows: int) -> range:
    """Where each page begins."""
    return range(0, max(rows, 1), PAGE)


def links_to(described: Row) -> list[tuple[str, str]]:
    """(model, foreign key) of each relation by which others refer to the rows."""
    links = []
    for relation in described["relations"]:
        to_many = relation["direction"].lower() == "onetomany"
        tables = [name.rpartition(".") for name in relation["foreign_keys"]]
        if len(tables) == 1 and (to_many or tables[0][0] != described["table"]) and "secondary" not in relation:
            links.append((relation["target"], tables[0][2]))
    return links


def referring(links: list[tuple[str, str]], keys: list[Any]) -> Generator[list[Ask], list[Seen], dict[Any, list[str]]]:
    """What refers to each of the rows, such as "4 Post"; what cannot be asked, the deletion itself will tell."""
    if not links:
        return {}
    count = {"rows": {"function": "count"}}
    seen = yield [
        Ask(
            "query_records",
            {"model": model, "filters": {f"{field}__in": keys}, "group_by": [field], "aggregate": count, "limit": 1000},
        )
        for model, field in links
    ]
    needed: dict[Any, list[str]] = {}
    for (model, field), found in zip(links, seen, strict=False):
        for row in found.value["rows"] if whole(found) else []:
            needed.setdefault(row[field], []).append(f"{row['rows']:,} {model}")
    return needed
