"""Random filters on the shop's Product, in the filter language, for adapters that must agree."""

from typing import Any

from hypothesis import strategies as st

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
RELATIONS = ["category", "category__parent", "category__children", "owner__profile", "tags", "reviews"]
RELATIONS += ["reviews__author", "owner__review", "reviews__author__profile"]


@st.composite
def conditions(draw: st.DrawFn, typed: dict[str, Any]) -> tuple[str, Any]:
    kind = draw(st.sampled_from(["one", "many", "range", "text", "null"]))
    if kind == "null":
        path = draw(st.sampled_from([*typed, *RELATIONS]))
        return draw(st.sampled_from([(f"{path}__isnull", True), (f"{path}__isnull", False)]))
    if kind == "text":
        lookup = draw(st.sampled_from(["icontains", "istartswith", "iendswith", "iexact"]))
        return f"{draw(st.sampled_from([path for path, values in typed.items() if values is TEXTS]))}__{lookup}", draw(
            TEXTS
        )
    path = draw(st.sampled_from(list(typed)))
    if kind == "many":
        return f"{path}__in", draw(st.lists(typed[path], max_size=3))
    if kind == "range":
        return f"{path}__range", [draw(typed[path]), draw(typed[path])]
    return f"{path}__{draw(st.sampled_from(['exact', 'ne', 'gt', 'gte', 'lt', 'lte']))}", draw(typed[path])


def filters(typed: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Filters on these paths, each with values of its type."""
    return st.recursive(
        st.lists(conditions(typed), min_size=1, max_size=3).map(dict),
        lambda inner: st.one_of(
            st.builds(lambda items: {"or": items}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda items: {"and": items}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda item: {"not": item}, inner),
            st.builds(lambda item: {"category__not": {"products__not": item}}, inner),
        ),
        max_leaves=5,
    )
