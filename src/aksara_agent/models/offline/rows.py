"""Plans about rows: the words of a task become a query, checked against the model's own fields."""

from __future__ import annotations

import re
from typing import Any

from aksara_agent.models.offline import answers
from aksara_agent.models.offline.plan import Ask, Plan, Situation
from aksara_agent.models.offline.words import named, plural

NEVER = re.compile(r"\b(?:haven't|have not|hasn't|not|without|inactive)\b", re.IGNORECASE)
EXPORT = re.compile(r"\b(export|csv|jsonl)\b", re.IGNORECASE)
FILE = re.compile(r"[\w./-]+\.(?:csv|jsonl)\b")
DAYS = re.compile(r"(\d+)\s*(day|hour|week)s?", re.IGNORECASE)


def count_rows(situation: Situation) -> Plan:
    """How many rows match."""
    request = yield from _request(situation)
    if isinstance(request, str):
        return request
    (page,) = yield [Ask("query_records", {**request, "limit": 1})]
    if page.error:
        return page.error
    return f"{page.value['total']:,} {request['model']} rows{_where(request)}.{_notes(page.value)}"


def find_rows(situation: Situation) -> Plan:
    """The first rows that match, and how many there are."""
    request = yield from _request(situation)
    if isinstance(request, str):
        return request
    wanted = EXPORT.search(situation.task)
    if wanted and "export_records" in situation.tools:
        return (yield from _export(situation.task, request))
    (page,) = yield [Ask("query_records", {**request, "limit": 20})]
    if page.error:
        return page.error
    text = (
        f"{page.value['total']:,} {request['model']} rows match{_where(request)}; the first {len(page.value['rows'])}:"
    )
    if wanted:
        text = f"Nothing was exported: no tool for it is at hand here.\n\n{text}"
    return f"{text}\n\n{answers.table(page.value['rows'])}{_notes(page.value)}"


def _export(task: str, request: dict[str, Any]) -> Plan:
    """Write the rows to the file that the task names, else to one named after what is looked for."""
    named_file = FILE.search(task)
    suffix = "jsonl" if re.search(r"\bjson", task, re.IGNORECASE) else "csv"
    what = "inactive_" if NEVER.search(task) and "filters" in request else ""
    path = named_file.group() if named_file else f"{what}{plural(request['model'])}.{suffix}"
    (done,) = yield [Ask("export_records", {**request, "path": path})]
    if done.error:
        return done.error
    return (
        f"I exported {done.value['rows']:,} {request['model']} rows{_where(request)} to `{done.value['path']}` "
        f"({', '.join(done.value['fields'])}).{_notes(done.value)}"
    )


def _request(situation: Situation) -> Any:
    """The query for the task's words, or a sentence when its model cannot be made out."""
    if "list_models" not in situation.tools:
        return "To find the model that you mean I need the tool list_models."
    (listed,) = yield [Ask("list_models", {})]
    if listed.error:
        return listed.error
    model = named(situation.task, [m["name"] for m in listed.value["models"]])
    if model is None:
        return f"I cannot make out which model you mean. {answers.model_list(listed.value)}"
    fields = next(m["fields"] for m in listed.value["models"] if m["name"] == model)
    filters = _filters(situation.task, fields)
    return {"model": model, **({"filters": filters} if filters else {}), **_order(situation.task, fields)}


def _filters(task: str, fields: list[str]) -> dict[str, Any]:
    """A condition on a point in time: "not logged in for 90 days" is a last_login before now-90d, or none at all."""
    span = DAYS.search(task)
    if not span:
        return {}
    amount, unit = int(span.group(1)), span.group(2).lower()
    since = f"now-{amount * 7 if unit == 'week' else amount}{'h' if unit == 'hour' else 'd'}"
    field = _time_field(task, fields)
    if field is None:
        return {}
    if NEVER.search(task):
        return {"or": [{f"{field}__lt": since}, {f"{field}__isnull": True}]}
    return {f"{field}__gte": since}


def _time_field(task: str, fields: list[str]) -> str | None:
    """The field whose name shares a word with the task, else the time of creation."""
    words = {word.rstrip("s") for word in re.findall(r"[a-z]+", task.lower())} | (
        {"login"} if "logged" in task.lower() else set()
    )
    times = [f for f in fields if f.endswith(("_at", "_on", "_date", "_time", "login", "_seen"))]
    return next((f for f in times if words & set(f.split("_")) - {"at", "on", "last"}), times[0] if times else None)


def _order(task: str, fields: list[str]) -> dict[str, Any]:
    if re.search(r"\b(latest|newest)\b", task, re.IGNORECASE) and "created_at" in fields:
        return {"order_by": ["-created_at"]}
    return {}


def _where(request: dict[str, Any]) -> str:
    return f" where {request['filters']}" if "filters" in request else ""


def _notes(page: dict[str, Any]) -> str:
    return "".join(f"\n\nNote: {note}" for note in page["notes"])
