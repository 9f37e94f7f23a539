"""The same question to the Aksara adapter, to Aksara itself, to Django and to SQLAlchemy on the same rows."""

import json
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import aksara_shop
import pytest
from aksara_questions import ASK_AKSARA, FIGURES, QUESTIONS
from aksara_shop import AksaraShop
from aksara_tables import tables
from answers import comparable, rows_of, slugs
from django_differences import FILTERS, PAGES
from filter_strategies import VALUES, filters
from hypothesis import HealthCheck, given, settings

from aksara_agent.project.project import Project

# Aksara's keys are UUIDs; the filters of the Django shop know them as numbers.
NUMBERED = ("tags__id", "reviews__author__id", "category_id")
PATHS = {path: values for path, values in VALUES.items() if path not in NUMBERED}
# SQLite folds the case of ASCII letters alone.
FOLDED = ({"title__iexact": "äpfel"}, {"title__icontains": "ÄPFEL"})


@pytest.fixture(scope="module")
def both(aksara_site: AksaraShop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Project, str]]]:
    """The Aksara project and a SQLAlchemy one on the same tables, and how each names its Product."""
    other = aksara_shop.write(tmp_path_factory.mktemp("tables"), {"models.py": tables(aksara_site.url)})
    opened = [aksara_site.open(), Project.open(other, python=sys.executable)]
    yield [(opened[0], "shop.Product"), (opened[1], "Product")]
    for project in opened:
        for adapter in set(project.adapters.values()):
            adapter.client.stop()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def asked(aksara_site: AksaraShop) -> dict[str, Any]:
    """Expression to what Aksara's own queryset found."""
    texts = [text for _, text in [*QUESTIONS, *FIGURES]]
    code = textwrap.dedent(ASK_AKSARA)
    printed = aksara_shop.run(aksara_site.python, aksara_site.root, "-c", code, text=json.dumps(texts))
    return dict(zip(texts, json.loads(printed), strict=True))


@pytest.mark.parametrize(("request_", "text"), QUESTIONS, ids=[text for _, text in QUESTIONS])
async def test_a_question_finds_the_rows_of_aksaras_own_queryset(
    both: list[tuple[Project, str]], asked: dict[str, Any], request_: dict[str, Any], text: str
) -> None:
    project, product = both[0]
    page = await project.query({"model": product, "fields": ["slug"], **request_})  # type: ignore[typeddict-item]
    found, count = asked[text]
    assert ([row["slug"] for row in page["rows"]], page["total"]) == (found, count)


@pytest.mark.parametrize(("aggregate", "text"), FIGURES, ids=[text for _, text in FIGURES])
async def test_figures_are_those_of_aksara(
    both: list[tuple[Project, str]], asked: dict[str, Any], aggregate: dict[str, Any], text: str
) -> None:
    project, product = both[0]
    page = await project.query({"model": product, "aggregate": aggregate})
    assert comparable(page["rows"][0]["n"]) == comparable(asked[text])


@pytest.mark.parametrize(("question", "text"), FILTERS, ids=[text for _, text in FILTERS])
async def test_a_filter_finds_the_rows_that_django_finds(
    both: list[tuple[Project, str]], expected: dict[str, Any], question: dict[str, Any], text: str
) -> None:
    found = [
        await rows_of(project, {"model": product, "fields": ["slug"], "filters": question}) for project, product in both
    ]
    assert found[0] == found[1], "SQLAlchemy on the same tables"
    assert question in FOLDED or found[0] == expected[text]


@pytest.mark.parametrize(("request_", "text"), PAGES, ids=[text for _, text in PAGES])
async def test_a_page_holds_the_rows_of_sqlalchemy_in_the_same_order(
    both: list[tuple[Project, str]], request_: dict[str, Any], text: str
) -> None:
    found = []
    for project, product in both:
        model = product if request_["model"] == "Product" else request_["model"]
        found.append(await rows_of(project, request_ | {"model": model}))
    assert found[0] == found[1]


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters(PATHS))
def test_any_filter_finds_what_sqlalchemy_finds_and_not_finds_the_others(
    both: list[tuple[Project, str]], question: dict[str, Any]
) -> None:
    found = [slugs(project, product, question) for project, product in both]
    assert found[0] == found[1]
    others = slugs(*both[0], {"not": question})
    assert sorted(found[0] + others) == [f"p{number:02}" for number in range(16)]
