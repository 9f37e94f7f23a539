"""Real hunks, written wrong in the ways of models: applied rightly or refused, never wrongly."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from outcome import Outcome, Patcher, by_diff, by_search, cases_of, diff_of, judged
from real_hunks import Hunk, from_history, from_packages
from slips import SLIPS, Slip, none

MUST_BE_REFUSED = ("twice_in_the_file", "elided_replacement", "already_made", "place_gone")
MOSTLY_APPLIED = ("none", "crlf", "trailing_space_lost", "trailing_space_added", "tabs", "deeper", "dedented",
                  "wrong_line_number")  # fmt: skip
HUNKS = 1000 if os.environ.get("AKSARA_ALL_TESTS") else 60


@pytest.fixture(scope="module")
def hunks() -> list[Hunk]:
    """From all over the history, and from installed packages for the rest."""
    history = from_history()
    chosen = history[:: max(1, len(history) * 3 // (2 * HUNKS))][: 2 * HUNKS // 3]
    return chosen + from_packages(HUNKS - len(chosen))


@pytest.mark.parametrize("patcher", [by_search, by_diff])
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
def test_no_slip_leads_to_a_wrong_application(slip: Slip, patcher: Patcher, hunks: list[Hunk]) -> None:
    outcomes: Counter[Outcome] = Counter()
    for hunk, case in cases_of(slip, hunks):
        outcome = judged(patcher, hunk.path, case)
        outcomes[outcome] += 1
        assert outcome != "wrong", f"{hunk.path} line {hunk.at + 1}:\n{diff_of(hunk.path, case)}"
    assert outcomes.total() > 8
    if slip.__name__ in MUST_BE_REFUSED:
        assert outcomes["ok"] == 0
    if slip.__name__ in MOSTLY_APPLIED:
        assert outcomes["ok"] > 0.9 * outcomes.total()


def test_the_cases_can_tell_a_wrong_application() -> None:
    file = ("def f():", "    a()", "    b()", "", "def g():", "    a()", "    b()")
    hunk = Hunk("a.txt", file, 1, ("    a()",), ("    c()",))
    case = next(case for _, case in cases_of(none, [hunk]))
    assert judged(lambda path, data, case: data.replace(b"a()", b"c()"), hunk.path, case) == "wrong"
    assert judged(lambda path, data, case: None, hunk.path, case) == "refused"
    assert judged(lambda path, data, case: data, hunk.path, case) == "refused"
    assert judged(lambda path, data, case: data.replace(b"a()", b"c()", 1), hunk.path, case) == "ok"
