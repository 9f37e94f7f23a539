"""Judges model descriptions: pure functions, each returns findings with place and exact change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from aksara_agent.results import Finding

from .description import ModelDescription
from .finding import add_index, finding
from .lint_keys import (
    association_without_unique,
    lookup_without_unique,
    nullable_mismatch,
    of_library_table,
    unique_candidate,
    unique_candidates,
)

Rule = Callable[[ModelDescription], Iterator[Finding]]
ORDER = {"high": 0, "medium": 1, "low": 2, "info": 3}
SLUGS = {"django": "models.SlugField(unique=True)", "aksara": "fields.Slug(unique=True)"}
TITLE_NAMES = {"title", "headline", "subject"}
TIME_TYPES = ("DateTime", "Date", "TIMESTAMP", "datetime", "date")


def check_models(descriptions: list[ModelDescription]) -> list[Finding]:
    """All findings, most severe first, then by place; nothing twice."""
    found = {
        (finding["rule"], finding["file"], finding["line"], finding["issue"]): finding
        for description in descriptions
        for rule in RULES
        for finding in rule(description)
    }
    return sorted(found.values(), key=lambda item: (ORDER[item["severity"]], item["file"], item["line"], item["rule"]))


def foreign_key_without_index(model: ModelDescription) -> Iterator[Finding]:
    for field in model["fields"]:
        if field["foreign_key"] and not field["indexed"]:
            target = field["foreign_key"]
            issue = (
                f"{model['name']}.{field['name']} references {target} but has no index: joins and deletes of "
                f"{target.rpartition('.')[0] or target} read the whole table"
            )
            yield finding(model, field, "medium", "foreign-key-without-index", issue, add_index(model, field))


def used_without_index(model: ModelDescription) -> Iterator[Finding]:
    becoming_unique = unique_candidates(model)  # a unique constraint brings its index
    for field in model["fields"]:
        if (
            field in becoming_unique
            or field["indexed"]
            or field["foreign_key"]
            or of_library_table(model, field)
            or field["type"].lower().startswith("bool")
        ):
            continue
        uses = [use for use in model["used_by"] if use["field"] == field["name"]]
        places = {
            kind: [f"{u['file']}:{u['line']}" for u in uses if u["kind"] == kind] for kind in ("order_by", "filter")
        }
        evidence = places["order_by"] + places["filter"]
        if not evidence:
            continue
        by_time = bool(places["order_by"]) and field["type"].startswith(TIME_TYPES)
        verb = "ordered" if places["order_by"] else "filtered"
        issue = f"{model['name']}.{field['name']} has no index but rows are {verb} by it at {evidence[0]}"
        item = finding(
            model,
            field,
            "medium" if by_time else "low",
            "ordered-or-filtered-without-index",
            issue,
            add_index(model, field),
        )
        yield item | {"evidence": evidence}


def missing_slug(model: ModelDescription) -> Iterator[Finding]:
    """A suggestion only: something with a title is served by its number."""
    routes = [f"{use['file']}:{use['line']}" for use in model["used_by"] if use["kind"] == "route"]
    names = {field["name"] for field in model["fields"]}
    title = next((field for field in model["fields"] if field["name"] in TITLE_NAMES), None)
    if not routes or title is None or any("slug" in name for name in names):
        return
    name, source = model["name"], title["name"]
    issue = f"{name} has a {source} but is addressed by its id at {routes[0]}: a slug would give readable URLs"
    column = SLUGS.get(model["framework"], "mapped_column(String(200), unique=True)")
    fix = f"consider slug = {column} on {name}, filled from {source}"
    yield finding(model, title, "info", "missing-slug", issue, fix) | {"evidence": routes}


RULES: tuple[Rule, ...] = (
    foreign_key_without_index,
    used_without_index,
    missing_slug,
    association_without_unique,
    unique_candidate,
    lookup_without_unique,
    nullable_mismatch,
)
