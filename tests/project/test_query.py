"""Queries as data, on real rows: filters, relations, order, pages, groups, and what is refused."""

import json

import pytest

from aksara_agent.project.description import QueryRequest
from aksara_agent.project.failures import QueryError, UnknownModel
from aksara_agent.project.project import Project


async def ids(project: Project, model: str, filters: dict[str, object]) -> list[int]:
    page = await project.query({"model": model, "filters": filters, "fields": ["id"]})
    return [row["id"] for row in page["rows"]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [1, 2, 3, 4]),
        ({"title": "Alpha"}, [1]),
        ({"title__iexact": "ALPHA"}, [1]),
        ({"id__ne": 1}, [2, 3, 4]),
        ({"id__gt": 3}, [4]),
        ({"id__gte": 3, "id__lt": 4}, [3]),
        ({"id__lte": "2"}, [1, 2]),
        ({"id__in": [1, 4]}, [1, 4]),
        ({"id__in": []}, []),
        ({"id__range": [2, 3]}, [2, 3]),
        ({"title__contains": "lph"}, [1, 4]),
        ({"title__contains": "LPH"}, []),
        ({"title__icontains": "LPH"}, [1, 4]),
        ({"title__startswith": "alpha"}, [4]),
        ({"title__istartswith": "alpha"}, [1, 4]),
        ({"title__endswith": "true"}, [2]),
        ({"title__iendswith": "TRUE"}, [2]),
        ({"title__contains": "%"}, [2]),
        ({"title__icontains": "_"}, [3]),
        ({"title__contains": "*c["}, [3]),
        ({"price": None}, [3]),
        ({"price__isnull": False}, [1, 2, 4]),
        ({"price__gt": "2"}, [2, 4]),
        ({"created_at__gt": "2021-01-03"}, [4]),
        ({"created_at__lt": "now-1d", "id": 1}, [1]),
        ({"or": [{"id": 1}, {"title__startswith": "100"}]}, [1, 2]),
        ({"and": [{"id__gt": 1}, {"id__lt": 3}]}, [2]),
        ({"not": {"id__in": [1, 2]}}, [3, 4]),
        ({"author__name__icontains": "ADA"}, [1, 2, 3]),
        ({"author__isnull": True}, []),
        ({"author__posts__id": 4}, [4]),
        ({"not": {"author__name": "Ada"}}, [4]),
    ],
)
async def test_filters_select_the_rows_they_say(
    project: Project, filters: dict[str, object], expected: list[int]
) -> None:
    assert await ids(project, "Post", filters) == expected


async def test_a_relation_to_many_rows_repeats_no_row(project: Project) -> None:
    assert await ids(project, "User", {"posts__id__lt": 99}) == [1, 2]
    assert await ids(project, "User", {"posts__isnull": True}) == [3]


async def test_conditions_on_one_relation_meet_on_the_same_row(project: Project) -> None:
    assert await ids(project, "User", {"posts__title": "Alpha", "posts__price__gt": 2}) == []


async def test_pages_cover_all_rows_once(project: Project) -> None:
    seen, offset = [], 0
    while offset is not None:
        page = await project.query({"model": "Post", "order_by": ["author_id"], "limit": 3, "offset": offset})
        assert page["total"] == 4
        seen += [row["id"] for row in page["rows"]]
        offset = page["next_offset"]  # type: ignore[assignment]
    assert seen == [1, 2, 3, 4]


async def test_fields_of_a_related_row_can_be_shown_and_ordered_by(project: Project) -> None:
    request: QueryRequest = {
        "model": "Post",
        "fields": ["id", "author__name"],
        "order_by": ["-author__name", "-id"],
    }
    rows = (await project.query(request))["rows"]
    assert rows[:2] == [{"id": 4, "author__name": "Bob"}, {"id": 3, "author__name": "Ada"}]


async def test_groups_are_counted_summed_and_ordered(project: Project) -> None:
    page = await project.query(
        {
            "model": "Post",
            "group_by": ["author__name"],
            "aggregate": {"posts": {"function": "count"}, "worth": {"function": "sum", "field": "price"}},
            "order_by": ["-posts"],
        }
    )
    assert page["rows"][0] | {"worth": None} == {"author__name": "Ada", "posts": 3, "worth": None}
    assert float(page["rows"][0]["worth"]) == 4.0
    assert page["total"] == 2


async def test_count_brings_the_total_without_rows(project: Project) -> None:
    page = await project.query({"model": "Post", "count": True, "filters": {"id__gt": 1}})
    assert (page["total"], page["rows"]) == (3, [])


async def test_rows_missed_because_of_null_are_mentioned(project: Project) -> None:
    page = await project.query({"model": "User", "filters": {"last_login__lt": "now-90d"}})
    assert [row["name"] for row in page["rows"]] == ["Ada"]
    assert "last_login is NULL are not matched by lt; 1 such rows exist" in page["notes"][0]


@pytest.mark.parametrize(
    "filters",
    [
        {"last_login__lt": "now-90d", "last_login__isnull": False},
        {"or": [{"last_login__lt": "now-90d"}, {"last_login__isnull": True}]},
        {"and": [{"not": {"last_login__gte": "now-90d"}}, {"last_login": None}]},
    ],
)
async def test_a_filter_that_speaks_of_null_itself_gets_no_note_about_it(
    project: Project, filters: dict[str, object]
) -> None:
    assert (await project.query({"model": "User", "filters": filters}))["notes"] == []


async def test_values_are_json_and_the_statement_shows_placeholders(project: Project) -> None:
    page = await project.query({"model": "Post", "filters": {"title": "Alpha"}})
    assert page["rows"][0]["price"] == "1.50"
    assert page["rows"][0]["created_at"] == "2021-01-01T00:00:00"
    assert "?" in page["statement"]
    assert "Alpha" not in page["statement"]
    json.dumps(page)


@pytest.mark.parametrize(
    "request_part",
    [
        {"fields": ["password_hash"]},
        {"filters": {"password_hash__startswith": "s"}},
        {"filters": {"not": {"or": [{"password_hash": "s"}]}}},
        {"order_by": ["-password_hash"]},
        {"aggregate": {"x": {"function": "max", "field": "password_hash"}}},
        {"group_by": ["password_hash"]},
        {"filters": {"posts__author__password_hash__isnull": False}},
    ],
)
async def test_secrets_cannot_be_reached_in_any_way(project: Project, request_part: dict[str, object]) -> None:
    with pytest.raises(QueryError, match=r"password_hash holds a secret"):
        await project.query({"model": "User", **request_part})  # type: ignore[typeddict-item]


async def test_secrets_are_not_shown_by_default(project: Project) -> None:
    assert "password_hash" not in (await project.query({"model": "User"}))["rows"][0]


@pytest.mark.parametrize(
    ("request_part", "message"),
    [
        ({"filters": {"titel": "x"}}, "did you mean 'title'"),
        ({"filters": {"title__contain": "x"}}, "did you mean 'contains'"),
        ({"filters": {"author__nam": "x"}}, "User has no field 'nam': did you mean 'name'"),
        ({"filters": {"author": 1}}, "filter by one of its fields, such as author__id"),
        ({"filters": {"id": "abc"}}, "id expects a whole number, not 'abc'"),
        ({"filters": {"id": True}}, "id expects a whole number, not True"),
        ({"filters": {"id": 10**30}}, "id expects a whole number"),
        ({"filters": {"created_at__gt": "yesterday"}}, "created_at: 'yesterday' is not a date or time"),
        ({"filters": {"price__contains": "1"}}, "works on text columns"),
        ({"filters": {"id__range": [1]}}, r"expects \[low, high\]"),
        ({"filters": {"id__in": 3}}, "expects a list"),
        ({"filters": {"price__isnull": "yes"}}, "expects true or false"),
        ({"filters": {"or": {}}}, "expects a list of filters"),
        ({"filters": ["id"]}, "a filter is an object"),
        ({"fields": ["nope"]}, "Post has no field 'nope'"),
        ({"fields": ["author"]}, "author is a relation to User"),
        ({"order_by": ["-nope"]}, "Post has no field 'nope'"),
        ({"limit": 5000}, "limit is a whole number from 1 to 1000, not 5000"),
        ({"offset": -1}, "offset is a whole number"),
        ({"where": "1=1"}, "unknown query key 'where'"),
        ({"aggregate": {"x": {"function": "median", "field": "id"}}}, "unknown function 'median'"),
        ({"aggregate": {"x": {"function": "sum", "field": "title"}}}, "sum works on numbers"),
        ({"aggregate": {"x; DROP": {"function": "count"}}}, "not a usable alias"),
    ],
)
async def test_a_wrong_request_says_what_is_valid(
    project: Project, request_part: dict[str, object], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        await project.query({"model": "Post", **request_part})  # type: ignore[typeddict-item]


async def test_a_query_on_an_unknown_model_names_the_known_ones(project: Project) -> None:
    with pytest.raises(UnknownModel, match="Known models: Post, User"):
        await project.query({"model": "Nope"})
    with pytest.raises(QueryError, match="a query names its model"):
        await project.query({})  # type: ignore[typeddict-item]
