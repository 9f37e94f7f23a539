"""Any filter that fits the models: both adapters find the same rows, and `not` finds all the others."""

from typing import Any

from answers import slugs
from filter_strategies import VALUES, filters
from hypothesis import HealthCheck, given, settings

from aksara_agent.project.project import Project


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters(VALUES))
def test_both_adapters_agree_and_not_is_the_complement(
    projects: list[tuple[Project, str]], question: dict[str, Any]
) -> None:
    found = [slugs(project, product, question) for project, product in projects]
    assert found[0] == found[1]
    others = [slugs(project, product, {"not": question}) for project, product in projects]
    assert others[0] == others[1]
    assert sorted(found[0] + others[0]) == [f"p{number:02}" for number in range(16)]
