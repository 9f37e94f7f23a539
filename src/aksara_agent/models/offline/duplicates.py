"""Plan for "clean up duplicate users": the oldest row of each value stays, the others are proposed for deletion."""

from __future__ import annotations

import re
from itertools import groupby

from aksara_agent.models.offline.plan import Ask, Plan, Seen, Situation
from aksara_agent.models.offline.whole_tables import Row, all_rows, links_to, offsets, referring
from aksara_agent.models.offline.words import named

NEEDED = ("list_models", "describe_model", "query_records")
IDENTIFYING = ("email", "username", "login", "name", "title", "slug")
CREATED = ("created_at", "date_joined", "created", "created_on", "date_created")
TEXT = re.compile(r"String|Text|Unicode|Char|Email|Slug|Citext", re.IGNORECASE)
REFERRING = re.compile(r"([\d,]+) rows by ([\w.]+)\.\w+")
MOST_CHECKED = 500  # values in one filter
CALLS = 50  # that a run has unless it is told otherwise

Outcome = tuple[Row, str | None, list[str]]  # the error of its deletion, and what refers to it


def clean_up(situation: Situation) -> Plan:
    """Find the duplicates, ask for each deletion, and tell what became of them."""
    if missing := [tool for tool in NEEDED if tool not in situation.tools]:
        return f"To find duplicates I need the tool {missing[0]}."
    (listed,) = yield [Ask("list_models", {})]
    if listed.error:
        return listed.error
    model = named(situation.task, [m["name"] for m in listed.value["models"]])
    if model is None:
        return "I cannot make out which model's duplicates you mean: name it, e.g. clean up duplicate users."
    (described,) = yield [Ask("describe_model", {"model": model})]
    if described.error:
        return described.error
    chosen = _fields(described.value)
    if isinstance(chosen, str):
        return chosen
    key, field, order = chosen
    rows = yield from all_rows(model, [key, field], order)
    if isinstance(rows, str):
        return rows
    groups = _duplicates(rows, field)
    doubles = [row for group in groups for row in group[1:]]
    if not doubles:
        return f"No two of {len(rows):,} {model} rows have the same {field}, capitals aside."
    links = links_to(described.value)
    needed = yield from referring(links, [row[key] for row in doubles[:MOST_CHECKED]])
    free = [row for row in doubles if row[key] not in needed]
    tried = free[: CALLS - 2 - len(links) - len(offsets(len(rows)))]
    seen = (yield [Ask("delete_record", {"model": model, "key": row[key]}) for row in tried]) if tried else []
    outcomes: list[Outcome] = [(row, None, needed[row[key]]) for row in doubles if row[key] in needed]
    outcomes += [(row, found.error, _referring(found)) for row, found in zip(tried, seen, strict=False)]
    return _answer(model, key, field, groups, outcomes, len(free) - len(tried))


def _fields(described: Row) -> tuple[str, str, str] | str:
    """Primary key, the text that tells rows apart, and the field to order by age; or why there are none."""
    fields = {field["name"]: field for field in described["fields"] if not field["hidden"]}
    keys = [name for name, field in fields.items() if field["primary_key"]]
    texts = [name for name in IDENTIFYING if name in fields and TEXT.search(fields[name]["type"])]
    if len(keys) != 1 or not texts:
        lacks = f"none of {', '.join(IDENTIFYING)}" if len(keys) == 1 else "no primary key of one field"
        return f"I cannot tell duplicates of {described['name']} apart: it has {lacks}."
    counted = re.search(r"int|auto|serial", fields[keys[0]]["type"], re.IGNORECASE)
    ages = [name for name in CREATED if name in fields]
    return keys[0], texts[0], keys[0] if counted or not ages else ages[0]


def _duplicates(rows: list[Row], field: str) -> list[list[Row]]:
    """Groups of rows with the same text, the oldest first in each."""

    def text(row: Row) -> str:
        return str(row[field]).strip().casefold()

    filled = sorted((row for row in rows if row[field] and text(row)), key=text)
    return [group for _, found in groupby(filled, key=text) if len(group := list(found)) > 1]


def _referring(seen: Seen) -> list[str]:
    """What refers to a row, in the words of the refused deletion."""
    return [f"{number} {table}" for number, table in REFERRING.findall(seen.error or "")]


def _answer(
    model: str,
    key: str,
    field: str,
    groups: list[list[Row]],
    outcomes: list[Outcome],
    untried: int,
) -> str:
    """Kept, deleted and left, counted from what the tools returned."""
    deleted = [row for row, error, needed in outcomes if not error and not needed]
    referred = [(row, needed) for row, _, needed in outcomes if needed]
    other = [(row, error) for row, error, needed in outcomes if error and not needed]
    parts = [
        f"{sum(map(len, groups)):,} {model} rows share their {field} with another one, capitals aside: "
        f"kept {len(groups):,} (the oldest of each), deleted {len(deleted):,}, "
        f"left {len(referred) + len(other) + untried:,}."
    ]
    if deleted:
        parts.append("Deleted:\n\n" + "\n".join(f"- {key}={row[key]}, {row[field]}" for row in deleted))
    if referred:
        lines = [f"- {key}={row[key]}, {row[field]}: {', '.join(needed)}" for row, needed in referred]
        parts.append("Left, because other rows still refer to them; move or delete those first:\n\n" + "\n".join(lines))
    if other:
        parts.append("Not deleted:\n\n" + "\n".join(f"- {key}={row[key]}, {row[field]}: {why}" for row, why in other))
    if untried:
        parts.append(f"{untried:,} more are for another run: ask again.")
    return "\n\n".join(parts)
