"""The same question to the SQLAlchemy adapter, to the Django adapter and to Django itself: the same rows."""

from typing import Any

import pytest
from answers import comparable, rows_of
from django_differences import FILTERS, PAGES

from aksara_agent.project.project import Project


@pytest.mark.parametrize(("filters", "text"), FILTERS, ids=[text for _, text in FILTERS])
async def test_a_filter_finds_the_rows_that_django_finds(
    projects: list[tuple[Project, str]], expected: dict[str, Any], filters: dict[str, Any], text: str
) -> None:
    for project, product in projects:
        request = {"model": product, "fields": ["slug"], "filters": filters}
        assert await rows_of(project, request) == expected[text], project.root


@pytest.mark.parametrize(("request_", "text"), PAGES, ids=[text for _, text in PAGES])
async def test_a_page_holds_the_rows_of_django_in_the_same_order(
    projects: list[tuple[Project, str]], expected: dict[str, Any], request_: dict[str, Any], text: str
) -> None:
    wanted = [[comparable(value) for value in row] for row in expected[text]]
    for project, product in projects:
        model = product if request_["model"] == "Product" else request_["model"]
        assert await rows_of(project, request_ | {"model": model}) == wanted, project.root


def test_most_questions_tell_rows_apart(expected: dict[str, Any]) -> None:
    """A comparison proves nothing while every filter finds all rows or none."""
    found = [len(expected[text]) for _, text in FILTERS]
    assert sum(0 < count < 16 for count in found) >= 80
    assert len(FILTERS) + len(PAGES) >= 100


async def test_case_in_contains_is_djangos_on_sqlite_and_exact_with_sqlalchemy(
    projects: list[tuple[Project, str]],
) -> None:
    """The one decided difference, see docs/adapters.md."""
    found = []
    for project, product in projects:
        request = {"model": product, "fields": ["title"], "filters": {"title__contains": "ALPHA"}}
        found.append(await rows_of(project, request))
    assert found == [[], [["Alpha"], ["alphabet"]]]
