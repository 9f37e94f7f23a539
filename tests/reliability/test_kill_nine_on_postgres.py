"""kill -9 with the store in PostgreSQL: the same promise, at every kind of moment."""

from __future__ import annotations

import pytest
from crash_host import Case
from crash_outcome import check, ledger

SPREAD = 12
GROUP = "PostgreSQL: {}"
PARTS = ("before", "middle", "after")
PLACES = [
    *(f"{call_id}:{place}" for call_id in ("call-1-1", "call-1-2", "call-3-0") for place in PARTS),
    *("call-1-0:before", "call-1-0:middle", "call-1-0:renamed", "when-another-is-done"),
]


@pytest.mark.parametrize("part", range(1, SPREAD + 1), ids=lambda part: f"{part}-of-{SPREAD}")
def test_killed_after_a_commit(postgres_case: Case, part: int) -> None:
    point = f"commit:{part * 4}"
    postgres_case.kill("execute", point)
    check(postgres_case, postgres_case.resumed(), GROUP.format("after a commit"), point)


@pytest.mark.parametrize("point", PLACES)
def test_killed_in_a_tool(postgres_case: Case, point: str) -> None:
    postgres_case.kill("execute", point)
    check(postgres_case, postgres_case.resumed(), GROUP.format("in a tool"), point)


@pytest.mark.parametrize("point", ["model-0:after", "model-2:before", "approval:asked", "approval:answered"])
def test_killed_in_a_model_call_or_an_approval(postgres_case: Case, point: str) -> None:
    postgres_case.kill("execute", point)
    check(postgres_case, postgres_case.resumed(), GROUP.format("in a model call or an approval"), point)


@pytest.mark.parametrize("commit", [2, 4, 6, 8])
def test_killed_after_the_decision_came_from_another_process(postgres_case: Case, commit: int) -> None:
    postgres_case.approve = False
    assert postgres_case.perform("execute")["result"]["stop_reason"] == "interrupted"
    postgres_case.asked.append("deploy")
    postgres_case.kill("resume", f"commit:{commit}", decisions=[True])
    result = postgres_case.resumed()
    assert ledger(postgres_case.home)["deploy"] <= 1
    check(postgres_case, result, GROUP.format("after a decision from another process"), f"commit:{commit}")
