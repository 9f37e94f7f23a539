"""Answers written from what tools returned, and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

SHOWN = 30


def report_of(findings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The arguments of the report tool for these findings."""
    keys = ("severity", "issue", "fix", "file", "line")
    suggestions = [{"text": f["fix"], "file": f.get("file"), "line": f.get("line")} for f in findings]
    return {"findings": [{key: f.get(key) for key in keys} for f in findings], "suggestions": suggestions}


def review(model: dict[str, Any], findings: Sequence[dict[str, Any]]) -> str:
    """A review of one model."""
    head = f"**{model['name']}** (`{model['file']}:{model['line']}`, table `{model['table']}`): {_facts(model)}."
    notes = "".join(f"\n\nNote: {note}" for note in model["notes"])
    if not findings:
        return f"{head}\n\nNo problem found in its metadata and uses.{notes}"
    return f"{head}\n\n{_count(len(findings), 'suggestion')}:\n\n{_listed(findings)}{notes}"


def description(model: dict[str, Any]) -> str:
    """A model's fields as a table."""
    lines = [
        f"**{model['name']}** (`{model['file']}:{model['line']}`): {_facts(model)}.",
        "",
        "| field | type | |",
        "|---|---|---|",
    ]
    for field in model["fields"]:
        marks = [
            word
            for key, word in (("primary_key", "primary key"), ("unique", "unique"), ("nullable", "nullable"))
            if field[key]
        ]
        marks += [f"→ {field['foreign_key']}"] if field["foreign_key"] else []
        lines.append(f"| {field['name']} | {field['type']} | {', '.join(marks)} |")
    return "\n".join(lines + [f"\nNote: {note}" for note in model["notes"]])


def model_list(listed: dict[str, Any]) -> str:
    """The models by name and place."""
    models = listed["models"]
    problems = "".join(
        f"\n\nNote: {text}" for text in [*listed.get("problems", []), *filter(None, [listed.get("note")])]
    )
    if not models:
        return f"I found no models.{problems}"
    lines = [f"- **{m['name']}** (`{m['file']}:{m['line']}`): {', '.join(m['fields'])}" for m in models]
    return (
        f"I found {_count(len(models), 'model')}: {', '.join(m['name'] for m in models)}.\n\n"
        + "\n".join(lines)
        + problems
    )


def issues(findings: Sequence[dict[str, Any]], notes: Sequence[str]) -> str:
    """Findings of a whole project."""
    said = "".join(f"\n\nNote: {note}" for note in notes)
    if not findings:
        return f"I found no problems.{said}"
    return f"I found {_count(len(findings), 'problem')}:\n\n{_listed(findings)}{said}"


def matches(text: str, found: dict[str, Any]) -> str:
    """Where a text stands."""
    places = [f"- `{m['file']}:{m['line']}` {m['text']}" for m in found["matches"][:SHOWN]]
    if not places:
        return f"{text!r} does not stand in any of {found.get('files_searched', 0)} files."
    return f"{text!r} stands in {_count(len(found['matches']), 'place')}:\n\n" + "\n".join(places)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as a Markdown table."""
    if not rows:
        return ""
    columns = list(rows[0])[:8]
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(row[c]).replace("|", "\\|")[:60] for c in columns) + " |" for row in rows[:SHOWN]]
    return "\n".join(lines)


def _facts(model: dict[str, Any]) -> str:
    facts = [
        _count(len(model["fields"]), "field"),
        _count(len(model["relations"]), "relation"),
        _count(len(model["indexes"]), "index", "indexes"),
    ]
    if model["row_count"] is not None:
        facts.append(f"{model['row_count']:,} rows")
    return ", ".join([*facts, "read without running the code"] if model["source"] == "static" else facts)


def _listed(findings: Sequence[dict[str, Any]]) -> str:
    lines = []
    for number, finding in enumerate(findings[:SHOWN], 1):
        place = f" (`{finding['file']}:{finding['line']}`)" if finding.get("file") else ""
        lines.append(f"{number}. **{finding['severity']}**: {finding['issue']}{place}\n   Fix: {finding['fix']}")
    more = len(findings) - SHOWN
    return "\n".join(lines) + (f"\n\n… and {more} more in the result's findings." if more > 0 else "")


def _count(number: int, singular: str, plural: str | None = None) -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
