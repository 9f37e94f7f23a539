"""Whatever a model invents as a question to an Aksara project: rows or a clear refusal, and every value is bound.

An error of the database itself would be ours: the compiler must refuse what PostgreSQL cannot answer.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from aksara_shop import AksaraShop
from hypothesis import given, settings
from hypothesis import strategies as st
from test_django_properties import ENDURING, FIGURES, FILTERS, MARK, NAMES, ask

from aksara_agent.project.project import Project
from aksara_agent.project.worker.lookup_names import LOOKUPS


@pytest.fixture(scope="module")
def site(aksara_site: AksaraShop) -> Iterator[Project]:
    project = aksara_site.open()
    yield project
    project.adapters["aksara"].client.stop()  # type: ignore[attr-defined]


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


@settings(ENDURING, max_examples=200)
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
        assert page["rows"] == []
