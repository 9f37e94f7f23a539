"""What a person sees before a migration is written: the file, its SQL, and what it destroys or locks."""

from __future__ import annotations

import hashlib
import json

from aksara_agent.project.migration_words import MigrationDraft
from aksara_agent.tools.base import Preview

BLOCKED = ("several_heads", "ahead", "unstamped", "unreachable")


def preview_of(draft: MigrationDraft) -> Preview:
    """The file as a diff; its fingerprint stands for the operations, not for the date in the file."""
    if "content" not in draft:
        return Preview(why_not(draft))
    lines = [f"--- /dev/null\n+++ b/{draft['path']}", *(f"+{line}" for line in draft["content"].splitlines())]
    risks = [note for operation in draft["operations"] for note in operation["notes"]]
    risks += [f"{item['kind']} {item['table']}: {item['locking']}" for item in draft["operations"] if item["locking"]]
    text = "\n".join([*lines, "", *draft.get("sql", []), *(f"! {risk}" for risk in risks)])
    return Preview(text, fingerprint(draft))


def fingerprint(draft: MigrationDraft) -> str:
    """The same for two drafts that do the same."""
    what = json.dumps([draft["operations"], draft.get("path")], sort_keys=True, default=str)
    return hashlib.sha256(what.encode()).hexdigest()


def why_not(draft: MigrationDraft) -> str:
    """Why a draft has no file: open questions, a state in which nothing can be compared, or no difference."""
    if draft["questions"]:
        asked = "\n".join(f"- {item['question']}" for item in draft["questions"])
        return f"Nothing was written, because this must not be guessed:\n{asked}"
    state = " ".join(draft["state"]["sentences"])
    if draft["state"]["code"] in BLOCKED:
        return f"Nothing was written. {state}"
    return f"Nothing to migrate: the models equal the migrations. {state}"
