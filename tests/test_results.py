"""A result is put together from what was done, not from what a model says."""

import json
from typing import Any

from aksara_agent.results import Action, AgentResult, Change, files_of, findings_of, no_usage, suggestions_of

INDEX = {"severity": "medium", "issue": "no index", "fix": "add one"}
SECRET = {"severity": "high", "issue": "a secret", "fix": "remove it"}


def action(tool: str, output: Any = None, status: Any = "done", changes: list[Change] | None = None) -> Action:
    return Action(tool, {}, "call", "run", status=status, output=output, changes=changes or [])


def test_without_a_report_the_findings_are_what_find_issues_found() -> None:
    assert findings_of([action("read_file", {"content": ""}), action("find_issues", {"findings": [INDEX]})]) == [INDEX]


def test_a_report_takes_the_place_of_what_the_tools_found() -> None:
    actions = [action("find_issues", {"findings": [INDEX, SECRET]}), action("report", {"findings": [SECRET]})]
    assert findings_of(actions) == [SECRET]


def test_several_reports_are_joined_in_order() -> None:
    actions = [action("report", {"findings": [INDEX], "suggestions": ["a", "b"]})]
    actions.append(action("report", {"findings": [SECRET], "suggestions": ["b", "c"]}))
    assert findings_of(actions) == [INDEX, SECRET]
    assert suggestions_of(actions) == ["a", "b", "c"]


def test_calls_that_did_not_succeed_count_for_nothing() -> None:
    actions = [action("report", {"findings": [INDEX], "suggestions": ["a"]}, status="failed")]
    assert findings_of(actions) == []
    assert suggestions_of(actions) == []


def test_a_file_created_and_changed_in_a_run_is_created_once_and_not_modified() -> None:
    created: Change = {"kind": "created", "path": "a.py"}
    actions = [
        action("write_file", changes=[created]),
        action("write_file", changes=[{"kind": "modified", "path": "a.py"}, {"kind": "modified", "path": "b.py"}]),
        action("write_file", changes=[{"kind": "modified", "path": "b.py"}]),
        action("export_records", changes=[{"kind": "exported", "path": "users.csv"}]),
    ]
    assert files_of(actions, "created") == ["a.py"]
    assert files_of(actions, "modified") == ["b.py"]
    assert files_of(actions, "exported") == ["users.csv"]


def test_files_changed_by_a_call_that_failed_later_are_listed_too() -> None:
    failed = action("write_file", status="failed", changes=[{"kind": "created", "path": "half.py"}])
    assert files_of([failed], "created") == ["half.py"]


def test_a_result_is_json_with_its_actions() -> None:
    result = AgentResult(
        True, "done", None, "completed", "run", "session", actions=[action("report", {"findings": []})]
    )
    data = json.loads(json.dumps(result.to_dict()))
    assert data["actions"][0]["tool"] == "report"
    assert data["usage"] == no_usage()


def test_two_results_share_nothing() -> None:
    one, two = (AgentResult(True, "", None, "completed", "run", "session") for _ in range(2))
    one.usage["total_tokens"] = 5
    one.findings.append({"severity": "low", "issue": "x", "fix": "y"})
    assert two.usage["total_tokens"] == 0
    assert two.findings == []
