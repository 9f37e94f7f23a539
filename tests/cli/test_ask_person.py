"""What a person at the terminal is asked, and what their answers mean."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from aksara_agent.cli.ask import ask_person

PREVIEW = {"preview": "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two"}
FAILED = {"preview": None, "error": "ConnectionError: \x1b[31mthe line is down"}


def answers(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


@pytest.mark.parametrize(
    ("typed", "decision"),
    [
        ("y", {"type": "approve"}),
        ("a", {"type": "approve", "always": True}),
        ("n", {"type": "reject"}),
        ("use b.txt", {"type": "reject", "message": "The user says instead: use b.txt"}),
    ],
)
def test_a_call_is_shown_with_its_preview_and_decided(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], typed: str, decision: Any
) -> None:
    answers(monkeypatch, "?", "", typed)
    assert ask_person("write_file", {}, PREVIEW) == decision
    shown = capfd.readouterr()
    assert "+two" in shown.err and "say what to do instead" in shown.err and shown.out == ""


@pytest.mark.parametrize(("typed", "decision"), [("y", "retry"), ("n", "skip"), ("abort", "abort")])
def test_after_a_failure_the_question_is_whether_to_try_again(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], typed: str, decision: str
) -> None:
    answers(monkeypatch, "perhaps", typed)
    assert ask_person("fetch", {}, FAILED) == decision
    shown = capfd.readouterr().err
    assert "Try again?" in shown and "go on without it" in shown and "\\x1b[31m" in shown


def test_no_answer_is_no_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch)
    assert ask_person("write_file", {}, PREVIEW) == {"type": "reject"}
    assert ask_person("fetch", {}, FAILED) == {"type": "reject"}
