"""A planned change of rows in words, as a person reads it before saying yes."""

from __future__ import annotations

import json
from typing import Any

from aksara_agent.project.description import ChangePlan, ChangeRequest

WIDTH = 60  # characters of one value


def preview_text(request: ChangeRequest, plan: ChangePlan) -> str:
    """How many rows, the first of them before and after, what else happens, and the SQL."""
    lines = [f"{request['action']} {_count(plan['count'], request['model'] + ' row')}"]
    lines += _LINES[request["action"]](plan)
    shown = max(len(plan["before"]), len(plan["after"]))
    if plan["count"] > shown:
        lines.append(f"  … and {plan['count'] - shown:,} more")
    for item in plan["related"]:
        what = "also delete" if item["action"] == "delete" else f"also empty {item['through']} of"
        lines.append(f"{what} {_count(item['count'], item['table'] + ' row')} (by {item['through']})")
    return "\n".join([*lines, *plan["notes"], f"SQL: {' '.join(plan['statement'].split())}"])


def _created(plan: ChangePlan) -> list[str]:
    return [f"+ {_row(row)}" for row in plan["after"]]


def _updated(plan: ChangePlan) -> list[str]:
    lines = []
    for key, before, after in zip(plan["keys"], plan["before"], plan["after"], strict=True):
        changed = [name for name in after if after[name] != before.get(name)]
        lines.append(f"  {_row(key)}" + ("" if changed else " stays as it is"))
        for name in changed:
            lines += [f"-   {name}: {_value(before.get(name))}", f"+   {name}: {_value(after[name])}"]
    return lines


def _deleted(plan: ChangePlan) -> list[str]:
    return [f"- {_row(row)}" for row in plan["before"]]


_LINES = {"create": _created, "update": _updated, "delete": _deleted}


def _row(row: dict[str, Any]) -> str:
    return ", ".join(f"{name}={_value(value)}" for name, value in row.items())


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
