"""A new message after a crash, instead of a resume: what was cut off is settled and told, not dropped."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from crash_host import Case
from crash_outcome import effects, ledger, outcome_of

POINTS = {
    "call-1-1:middle": "unknown",
    "call-1-1:after": "unknown",
    "when-another-is-done": "once",
    "call-1-0:renamed": "once",
    "call-1-0:middle": "not carried out",
    "model-1:after": "not carried out",
    "commit:3": "not begun",
}


@pytest.mark.parametrize("point", POINTS)
def test_the_model_is_told_what_became_of_each_call(case: Case, point: str) -> None:
    case.kill("send", point)
    before = ledger(case.home)
    report = case.perform("message", text="And now?")
    assert report["result"]["output"] == "You asked: Do the plan / And now?"
    told = json.loads((case.home / "heard.json").read_text())
    assert max(Counter(call_id for call_id, _ in told).values(), default=1) == 1, "each call is answered once"
    assert ledger(case.home) == before, "and none is repeated"
    actions = case.perform("actions")["actions"]
    assert "started" not in {action["status"] for action in actions}, "no action is left open"
    for action in actions:
        if action["call_id"] in effects():
            text = dict(told)[action["call_id"]]
            assert ("is not known" in text) == (outcome_of(action["call_id"], case, {"actions": actions}) == "unknown")
            assert "before this call was carried out" not in text
    later = case.perform("message", text="And then?")
    assert later["result"]["output"] == "You asked: Do the plan / And now? / And then?"
    assert json.loads((case.home / "heard.json").read_text()) == told, "a later process reads the same conversation"
