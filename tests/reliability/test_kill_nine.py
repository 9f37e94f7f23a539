"""kill -9 at every kind of moment: afterwards nothing happened twice, nothing is lost, and what is unknown is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from crash_host import Case, WarmParent, run_fresh
from crash_outcome import check, ledger

SPREAD = int(os.environ.get("AKSARA_RELIABILITY_SPREAD", "20"))  # 400 kills before every single statement
EFFECTS = {"call-1-0": "write_file", "call-1-1": "a threaded tool", "call-1-2": "a row", "call-3-0": "an approved tool"}


@pytest.fixture(scope="session")
def totals(tmp_path_factory: pytest.TempPathFactory, warm_parent: WarmParent) -> dict[str, int]:
    """How many statements and commits the run has when nobody kills it."""
    report = Case(tmp_path_factory.mktemp("dry"), warm_parent.run).perform("execute")
    assert report["result"]["stop_reason"] == "completed"
    return {"statement": report["statement"], "commit": report["commit"]}


def nth(part: int, total: int) -> int:
    """The statement or commit at this part of the run; the first and the last are among them."""
    return 1 + round((part - 1) * (total - 1) / (SPREAD - 1))


@pytest.mark.parametrize("part", range(1, SPREAD + 1), ids=lambda part: f"{part}-of-{SPREAD}")
@pytest.mark.parametrize("what", ["statement", "commit"], ids=["before-a-statement", "after-a-commit"])
def test_killed_at_the_store(case: Case, totals: dict[str, int], what: str, part: int) -> None:
    point = f"{what}:{nth(part, totals[what])}"
    case.kill("execute", point)
    check(case, case.resumed(), {"statement": "before a statement", "commit": "after a commit"}[what], point)


@pytest.mark.parametrize("place", ["before", "middle", "after"])
@pytest.mark.parametrize("call_id", [*EFFECTS, "call-0-0", "call-2-0"])
def test_killed_in_a_tool(case: Case, call_id: str, place: str) -> None:
    case.kill("execute", f"{call_id}:{place}")
    result = case.resumed()
    check(case, result, f"in a tool, {place}", f"{call_id}:{place}")


@pytest.mark.parametrize(("place", "part"), [("written", "middle"), ("renamed", "after")])
def test_killed_between_a_files_rename_and_the_records_around_it(case: Case, place: str, part: str) -> None:
    case.kill("execute", f"call-1-0:{place}")
    check(case, case.resumed(), f"in a tool, {part}", f"call-1-0:{place}")


def test_killed_while_one_of_three_parallel_calls_is_done(case: Case) -> None:
    case.kill("execute", "when-another-is-done")
    result = case.resumed()
    statuses = {action["call_id"]: action["status"] for action in result["actions"]}
    assert (statuses["call-1-1"], statuses["call-1-2"]) == ("done", "unknown")
    assert (ledger(case.home)["row begins"], ledger(case.home)["row ends"]) == (1, 0), "half a row is not made whole"
    check(case, result, "one or two of three parallel calls done", "when-another-is-done")


def test_killed_while_two_of_three_parallel_calls_are_done(case: Case) -> None:
    case.kill("execute", "when-the-others-are-done")
    result = case.resumed()
    statuses = [action["status"] for action in result["actions"] if action["call_id"].startswith("call-1")]
    assert sorted(statuses) == ["done", "done", "unknown"]
    check(case, result, "one or two of three parallel calls done", "when-the-others-are-done")


@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("step", [0, 1, 3, 5])
def test_killed_in_a_model_call(case: Case, step: int, place: str) -> None:
    case.kill("execute", f"model-{step}:{place}")
    result = case.resumed()
    assert {action["status"] for action in result["actions"]} == {"done"}
    check(case, result, "in a model call", f"model-{step}:{place}")


@pytest.mark.parametrize("place", ["asked", "answered"])
def test_killed_during_an_approval(case: Case, place: str) -> None:
    case.kill("execute", f"approval:{place}")
    assert not ledger(case.home)["deploy"], "the answer never arrived"
    result = case.resumed()
    assert {action["status"] for action in result["actions"]} == {"done"}
    check(case, result, "during an approval", f"approval:{place}")


@pytest.mark.parametrize("part", range(1, 11), ids=lambda part: f"{part}-of-10")
def test_killed_after_the_decision_came_from_another_process(case: Case, part: int) -> None:
    case.approve = False
    report = case.perform("execute")
    assert [request["name"] for request in report["result"]["approvals"]] == ["deploy"]
    case.asked.append("deploy")
    point = f"statement:{part * 9}"
    case.kill("resume", point, decisions=[True])
    check(case, case.resumed(), "after a decision from another process", point)


@pytest.mark.parametrize("commit", range(2, 9))
def test_killed_after_a_limit_was_raised(case: Case, commit: int) -> None:
    report = case.perform("execute", settings={"max_iterations": 2})
    assert report["result"]["stop_reason"] == "max_iterations"
    raised = {"settings": {"max_iterations": 20}}
    case.kill("resume", f"commit:{commit}", **raised)
    check(case, case.resumed(**raised), "after a limit was raised", f"commit:{commit}")


@pytest.mark.parametrize("commit", range(2, 12))
def test_killed_while_the_approver_is_asked_again_and_answers(case: Case, commit: int) -> None:
    case.kill("execute", "approval:answered")
    case.kill("resume", f"commit:{commit}")
    check(case, case.resumed(), "during an approval", f"approval:answered, commit:{commit}")


@pytest.mark.parametrize("part", range(1, 9), ids=lambda part: f"{part}-of-8")
def test_killed_again_while_it_recovers(case: Case, part: int) -> None:
    case.kill("execute", "when-another-is-done")
    point = f"statement:{part * 7}"
    case.kill("resume", point)
    check(case, case.resumed(), "again, while it recovers", point)


@pytest.mark.parametrize("point", ["statement:90", "commit:30", "call-1-1:middle", "call-1-0:middle", "call-3-0:after"])
def test_killed_in_processes_that_start_from_nothing(tmp_path: Path, point: str) -> None:
    case = Case(tmp_path, run_fresh)
    case.kill("execute", point)
    check(case, case.resumed(), "in a fresh process", point)


def test_a_run_that_is_complete_cannot_be_resumed_into_doing_it_again(case: Case) -> None:
    case.kill("execute", "call-1-1:middle")
    case.resumed()
    before = ledger(case.home)
    report = case.perform("resume")
    assert (report["error"], "is complete" in report["text"]) == ("SessionError", True)
    assert ledger(case.home) == before


@pytest.mark.parametrize("always", [False, True], ids=["approved-once", "approved-for-the-session"])
@pytest.mark.parametrize("call_id", ["call-1-1", "call-1-2", "call-3-0", "call-4-0"])
def test_an_unknown_call_that_the_model_repeats_is_asked_about(case: Case, call_id: str, always: bool) -> None:
    case.stubborn = True
    case.kill("execute", f"{call_id}:middle", always=always)
    case.approve = False
    report = case.perform("resume")
    ids = [request["id"] for request in report["result"]["approvals"]]
    assert f"again-{call_id}" in ids, "the question comes at once"
    before = ledger(case.home)
    report = case.perform("resume", decisions=[False] * len(ids))
    statuses = {action["call_id"]: action["status"] for action in report["result"]["actions"]}
    assert (statuses[call_id], statuses[f"again-{call_id}"]) == ("unknown", "rejected")
    assert {ledger(case.home)[line] for line in before} == {1}, "nothing was repeated"
