"""What became of a run that was killed: every effect is compared with the ledger, the files and what was told."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from crash_host import Case
from crash_scenario import CALLS, FILES, LABELS

RECORDS = "AKSARA_RELIABILITY_RECORDS"  # a file to which each test adds what it found, for crash_table.py


def check(case: Case, result: dict[str, Any], group: str, point: str) -> None:
    """Fails unless the promise was kept; adds the outcome to the records first, so that a failure is counted too."""
    outcomes = {call_id: outcome_of(call_id, case, result) for call_id in effects()}
    _record(group, point, outcomes)
    assert set(outcomes.values()) <= {"once", "unknown"}, (outcomes, result)
    assert result["stop_reason"] == "completed", result
    _check_actions(result, case)
    _check_what_the_model_heard(case, outcomes)
    _check_files(case.home / "project")


def effects() -> list[str]:
    """The calls that do something to the world."""
    return [call_id for call_id, (tool, _) in CALLS.items() if tool != "read_notes"]


def outcome_of(call_id: str, case: Case, result: dict[str, Any]) -> str:
    """``once``, ``unknown`` (and told), ``lost`` or ``twice``."""
    times = _times(call_id, case)
    statuses = [action["status"] for action in result["actions"] if action["call_id"] == call_id]
    if max(times) > 1:
        return "twice"
    if statuses == ["done"] and min(times) == 1:
        return "once"
    return "unknown" if statuses == ["unknown"] else "lost"


def _times(call_id: str, case: Case) -> list[int]:
    """How often each part of a call's effect really happened. Of a file, whether it ends as the last write left it."""
    tool, arguments = CALLS[call_id]
    if tool == "write_file":
        file = case.home / "project" / arguments["path"]
        is_last = FILES[arguments["path"]] == arguments["content"]
        return [int(file.exists() and (not is_last or file.read_text() == arguments["content"]))]
    lines = ledger(case.home)
    return [lines[label.format(arguments["label"])] for label in LABELS[tool]]


def ledger(home: Path) -> Counter[str]:
    """How often each line stands in the ledger."""
    file = home / "ledger.txt"
    return Counter(file.read_text().splitlines() if file.exists() else [])


def _check_actions(result: dict[str, Any], case: Case) -> None:
    """Each call is listed once, in order, and a file that was written is listed once with it."""
    listed = [action["call_id"] for action in result["actions"] if not action["call_id"].startswith("again-")]
    assert sorted(listed) == sorted(CALLS), "every action is listed once"
    assert all(a["status"] in ("done", "unknown") for a in result["actions"]), result["actions"]
    for action in result["actions"]:
        paths = [change["path"] for change in action["changes"]]
        assert paths == ([action["input"]["path"]] if action["tool"] == "write_file" else []), action
    asked = case.asked or (case.home / "asked.txt").read_text().split()
    assert "deploy" in asked, "nothing that needs approval went without"


def _check_what_the_model_heard(case: Case, outcomes: dict[str, str]) -> None:
    """One answer for each call; where the outcome is unknown, the answer says so."""
    told = json.loads((case.home / "heard.json").read_text())
    assert Counter(call_id for call_id, _ in told if call_id in CALLS) == dict.fromkeys(CALLS, 1), told
    for call_id, text in told:
        if call_id in CALLS:
            assert ("is not known" in text) == (outcomes.get(call_id) == "unknown"), (call_id, text)


def _check_files(project: Path) -> None:
    """The files have their last content, and nothing half-written lies beside them."""
    found = {str(f.relative_to(project)): f for f in project.rglob("*") if f.is_file() and ".aksara" not in f.parts}
    assert {name: file.read_text() for name, file in found.items()} == FILES


def _record(group: str, point: str, outcomes: dict[str, str]) -> None:
    if path := os.environ.get(RECORDS):
        line = json.dumps({"group": group, "point": point, "outcomes": Counter(outcomes.values())})
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, f"{line}\n".encode())
        os.close(file)
