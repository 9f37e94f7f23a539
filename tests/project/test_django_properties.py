"""Whatever a model invents as a question: the worker answers with rows or a clear refusal, and binds every value."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aksara_agent.project.description import QueryPage, QueryRequest
from aksara_agent.project.failures import QueryError
from aksara_agent.project.project import Project
from aksara_agent.project.worker.lookup_names import LOOKUPS

MARK = "zz'mark\"%szz"
PATHS = ["id", "pk", "slug", "title", "subtitle", "price", "stock", "rating", "featured", "released", "created_at"]
PATHS += ["status", "extra", "category", "category_id", "category__name", "category__parent__name", "owner__points"]
PATHS += [
    "owner",
    "owner__api_token",
    "owner__password",
    "owner__profile__city",
    "tags",
    "tags__name",
    "reviews__stars",
]
PATHS += [
    "reviews__stars",
    "reviews__author__nickname",
    "reviews__product__title",
    "review_set",
    "nope",
    "",
    "id__",
    "__",
]
PATHS += ["title__date"]
KEYS = st.one_of(
    st.builds(lambda path, lookup: f"{path}__{lookup}", st.sampled_from(PATHS), st.sampled_from([*LOOKUPS, "regex"])),
    st.sampled_from(PATHS),
    st.builds(lambda path, group: f"{path}__{group}", st.sampled_from(PATHS), st.sampled_from(["not", "or", "and"])),
    st.text(max_size=12),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.just(MARK),
    st.sampled_from(["now-90d", "today", "2026-01-01", "now-999999w", "now+999999w", "0001-01-01T00:00:00+14:00"]),
    st.sampled_from(["12:30", "1e400", "00000000-0000-0000-0000-000000000008", "9" * 40, "draft"]),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.text(max_size=3), SCALARS, max_size=2))
FILTERS = st.recursive(
    st.dictionaries(KEYS, VALUES, max_size=3),
    lambda inner: st.one_of(
        st.builds(lambda items: {"or": items}, st.lists(inner, max_size=3)),
        st.builds(lambda items: {"and": items}, st.lists(inner, max_size=3)),
        st.builds(lambda item: {"not": item}, inner),
        st.builds(lambda key, item: {key: item}, KEYS, inner),
    ),
    max_leaves=8,
)
NAMES = st.lists(st.one_of(st.sampled_from(PATHS), st.sampled_from(["-" + path for path in PATHS])), max_size=3)
FIGURES = st.dictionaries(
    st.one_of(st.sampled_from(["n", "title", "category", "aggregate0_", "pk"]), st.text(max_size=3)),
    st.fixed_dictionaries(
        {"function": st.sampled_from(["count", "sum", "avg", "min", "max", "median"])},
        optional={"field": st.sampled_from(PATHS), "distinct": st.booleans()},
    ),
    max_size=3,
)
ENDURING = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def site(django_site: Path) -> Iterator[Project]:
    project = Project.open(django_site, python=sys.executable)
    yield project
    asyncio.run(project.close())


def ask(project: Project, request: dict[str, Any]) -> QueryPage | None:
    """The page, or None when the question was refused; anything else is an error of ours."""
    question = cast(QueryRequest, {"model": "shop.Product", **request})
    try:
        return asyncio.run(project.query(question))
    except QueryError as error:
        assert str(error)
        assert "the project's fields refuse" not in str(error), "our own check must see it first"
        return None


@settings(ENDURING, max_examples=300)
@given(FILTERS)
def test_a_filter_is_answered_with_bound_values_or_refused(site: Project, filters: dict[str, Any]) -> None:
    page = ask(site, {"filters": filters, "fields": ["id"], "limit": 3})
    if page is not None:
        assert "mark" not in page["statement"]
        assert "api_token" not in page["statement"]
        assert "password" not in page["statement"]


@settings(ENDURING, max_examples=150)
@given(NAMES, NAMES)
def test_fields_and_orders_are_answered_or_refused(site: Project, fields: list[str], order: list[str]) -> None:
    page = ask(site, {"fields": fields, "order_by": order, "limit": 3})
    if page is not None and fields:
        assert all(list(row) == list(dict.fromkeys(fields)) for row in page["rows"])


@settings(ENDURING, max_examples=150)
@given(FIGURES, NAMES, NAMES)
def test_groups_are_answered_or_refused(
    site: Project, aggregate: dict[str, Any], group_by: list[str], order: list[str]
) -> None:
    ask(site, {"aggregate": aggregate, "group_by": group_by, "order_by": order, "limit": 3})


@settings(ENDURING, max_examples=150)
@given(st.sampled_from([name for name in LOOKUPS if name.endswith(("contains", "with", "exact"))]), st.text())
def test_no_text_value_ever_becomes_sql(site: Project, lookup: str, text: str) -> None:
    page = ask(site, {"filters": {f"title__{lookup}": MARK + text}})
    if page is not None:
        assert "mark" not in page["statement"]
