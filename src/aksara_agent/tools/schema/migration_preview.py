"""What a person sees before a migration is written: the file and its SQL, as suggested last."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aksara_agent.project.files import fingerprint, python_files
from aksara_agent.project.migration_words import MigrationDraft

ANSWERS = ("renames", "drop", "values", "message")
_suggested: dict[Path, tuple[str, str, MigrationDraft]] = {}  # the latest of each project


def remember(root: Path, answers: Mapping[str, Any], draft: MigrationDraft) -> None:
    """Keep a suggestion until the project's files change."""
    _suggested[root] = (_state(root), _key(answers), draft)


def preview_of(root: Path, answers: Mapping[str, Any]) -> str | None:
    """The suggestion for these answers as a diff with its SQL and risks; None when there is none of now."""
    state, key, draft = _suggested.get(root, ("", "", None))
    if draft is None or "content" not in draft or key != _key(answers) or state != _state(root):
        return None
    lines = [f"--- /dev/null\n+++ b/{draft['path']}", *(f"+{line}" for line in draft["content"].splitlines())]
    risks = [note for operation in draft["operations"] for note in operation["notes"]]
    risks += [f"{item['kind']} {item['table']}: {item['locking']}" for item in draft["operations"] if item["locking"]]
    return "\n".join([*lines, "", *draft.get("sql", []), *(f"! {risk}" for risk in risks)])


def _state(root: Path) -> str:
    return fingerprint(root, python_files(root))


def _key(answers: Mapping[str, Any]) -> str:
    return json.dumps({name: answers[name] for name in ANSWERS if answers.get(name)}, sort_keys=True, default=str)
