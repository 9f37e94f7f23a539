"""Any filter that fits the models: both adapters find the same rows, and `not` finds all the others."""

import asyncio
from typing import Any, cast

from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from aksara_agent.project.description import QueryRequest
from aksara_agent.project.failures import QueryError
from aksara_agent.project.project import Project

TEXTS = st.sampled_from(
    ["Alpha", "alpha", "%", "_", "a_b", "wool", "", "Ä", "\\", "zeta's", "ZETA", "sale", "Novels", "ada"]
)
NUMBERS = st.sampled_from([0, 1, 2, 3, 5, 10, -5, "2.5", 4.5, 99.99])
WHOLE = st.sampled_from([0, 1, 2, 3, 5, 10, -5])
DAYS = st.sampled_from(["2023-12-31", "2024-01-01", "2024-02-29", "now-90d", "today"])
MOMENTS = st.sampled_from(["2024-01-01T10:30:15.250001Z", "2024-06-01", "now-90d", "now"])
VALUES = {
    **dict.fromkeys(["title", "category__name", "owner__username", "tags__name", "reviews__text"], TEXTS),
    **dict.fromkeys(["subtitle", "owner__nickname", "owner__profile__city", "category__parent__name"], TEXTS),
    **dict.fromkeys(["price", "rating"], NUMBERS),
    **dict.fromkeys(["stock", "owner__points", "reviews__stars", "category__products__stock", "tags__id"], WHOLE),
    **dict.fromkeys(["reviews__author__id", "category_id", "owner__review__stars"], WHOLE),
    "featured": st.booleans(),
    "released": DAYS,
    "created_at": MOMENTS,
}
TEXT_PATHS = [path for path, values in VALUES.items() if values is TEXTS]
RELATIONS = ["category", "category__parent", "category__children", "owner__profile", "tags", "reviews"]
RELATIONS += ["reviews__author", "owner__review", "reviews__author__profile"]


@st.composite
def conditions(draw: st.DrawFn) -> tuple[str, Any]:
    kind = draw(st.sampled_from(["one", "many", "range", "text", "null"]))
    if kind == "null":
        path = draw(st.sampled_from([*VALUES, *RELATIONS]))
        return draw(st.sampled_from([(f"{path}__isnull", True), (f"{path}__isnull", False)]))
    if kind == "text":
        lookup = draw(st.sampled_from(["icontains", "istartswith", "iendswith", "iexact"]))
        return f"{draw(st.sampled_from(TEXT_PATHS))}__{lookup}", draw(TEXTS)
    path = draw(st.sampled_from(list(VALUES)))
    if kind == "many":
        return f"{path}__in", draw(st.lists(VALUES[path], max_size=3))
    if kind == "range":
        return f"{path}__range", [draw(VALUES[path]), draw(VALUES[path])]
    return f"{path}__{draw(st.sampled_from(['exact', 'ne', 'gt', 'gte', 'lt', 'lte']))}", draw(VALUES[path])


FILTERS = st.recursive(
    st.lists(conditions(), min_size=1, max_size=3).map(dict),
    lambda inner: st.one_of(
        st.builds(lambda items: {"or": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda items: {"and": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda item: {"not": item}, inner),
        st.builds(lambda item: {"category__not": {"products__not": item}}, inner),
    ),
    max_leaves=5,
)


def slugs(project: Project, product: str, filters: dict[str, Any]) -> list[str]:
    request = {"model": product, "fields": ["slug"], "filters": filters}
    try:
        return [row["slug"] for row in asyncio.run(project.query(cast(QueryRequest, request)))["rows"]]
    except QueryError as error:
        assert "nested deeper" in str(error)
        reject()


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS)
def test_both_adapters_agree_and_not_is_the_complement(
    projects: list[tuple[Project, str]], filters: dict[str, Any]
) -> None:
    found = [slugs(project, product, filters) for project, product in projects]
    assert found[0] == found[1]
    others = [slugs(project, product, {"not": filters}) for project, product in projects]
    assert others[0] == others[1]
    assert sorted(found[0] + others[0]) == [f"p{number:02}" for number in range(16)]
