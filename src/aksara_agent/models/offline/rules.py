"""Which plan answers which kind of task. The first pattern that matches wins."""

from __future__ import annotations

import re

from aksara_agent.models.offline import answers
from aksara_agent.models.offline.duplicates import clean_up
from aksara_agent.models.offline.migration_plans import create_migration, pending_migrations, set_up_migrations
from aksara_agent.models.offline.model_changes import add_a_field, soft_delete
from aksara_agent.models.offline.plan import Ask, Plan, Planner, Situation
from aksara_agent.models.offline.rows import count_rows, find_rows
from aksara_agent.models.offline.words import model_in, quoted

NO_RULE = (
    "I have no rule for this task, and there is no language model to work it out. I can review or describe a model, "
    "list models, find missing indexes and security problems, search code, read a file, count, find and export "
    "rows, clean up duplicates, add a field to a model, add soft delete to all models, and create migrations.\n\n"
    "For everything else set a model, e.g. `AKSARA_AGENT_MODEL=openai:gpt-4o-mini` with `OPENAI_API_KEY`, "
    "or `AgentRuntime(model=…)`."
)


def plan_for(situation: Situation) -> Plan:
    """The plan of the first rule that fits the task and whose tool is at hand."""
    for tool, pattern, planner in RULES:
        if tool in situation.tools and re.search(pattern, situation.task, re.IGNORECASE):
            return planner(situation)
    return _no_rule(situation)


def _no_rule(situation: Situation) -> Plan:
    return NO_RULE
    yield  # a plan is a generator, also one without a step


def review_model(situation: Situation) -> Plan:
    """Describe the model, report what its live metadata shows to be wrong, and say so."""
    name = model_in(situation.task)
    (described,) = yield [Ask("describe_model", {"model": name})]
    if described.error:
        return described.error
    findings = described.value["findings"]
    if findings and "report" in situation.tools:
        yield [Ask("report", answers.report_of(findings))]
    return answers.review(described.value, findings)


def describe(situation: Situation) -> Plan:
    """Describe one model."""
    (described,) = yield [Ask("describe_model", {"model": model_in(situation.task)})]
    return described.error or answers.description(described.value)


def list_models(situation: Situation) -> Plan:
    """Name the models."""
    (listed,) = yield [Ask("list_models", {})]
    return listed.error or answers.model_list(listed.value)


def structure(situation: Situation) -> Plan:
    """Find structural problems in all models."""
    return (yield from _issues(situation, {"kind": "structure"}))


def security(situation: Situation) -> Plan:
    """Find security problems in the code."""
    return (yield from _issues(situation, {"kind": "security"}))


def everything(situation: Situation) -> Plan:
    """Find problems of all kinds."""
    return (yield from _issues(situation, {}))


def _issues(situation: Situation, arguments: dict[str, str]) -> Plan:
    (found,) = yield [Ask("find_issues", arguments)]
    if found.error:
        return found.error
    findings = found.value["findings"]
    if findings and "report" in situation.tools:
        yield [Ask("report", answers.report_of(findings))]
    return answers.issues(findings, found.value.get("notes", []))


def search(situation: Situation) -> Plan:
    """Search for the quoted text, or for the last word."""
    text = quoted(situation.task) or situation.task.split()[-1].strip("?.!")
    (found,) = yield [Ask("search_code", {"text": text})]
    return found.error or answers.matches(text, found.value)


def read(situation: Situation) -> Plan:
    """Read the file that the task names."""
    path = re.findall(r"[\w./-]+\.\w+", situation.task)[0]
    (content,) = yield [Ask("read_file", {"path": path})]
    return content.error or f"`{path}`:\n\n```\n{content.value['content']}\n```"


RULES: list[tuple[str, str, Planner]] = [
    ("create_migration", r"\bset up\b.*\b(alembic|migrations)\b", set_up_migrations),
    (
        "create_migration",
        r"\b(create|make|generate|write)\b.*\bmigration|\bmigrations?\b.*\bcreate\b",
        create_migration,
    ),
    ("suggest_migration", r"\bmigrations?\b", pending_migrations),
    ("write_file", r"\badd\b.*\bsoft[- ]delet", soft_delete),
    ("write_file", r"\badd\b.*\b(field|column|attribute)\b.*\bto\b", add_a_field),
    ("read_file", r"\b(read|show|open|print)\b.*[\w/-]+\.\w+", read),
    ("find_issues", r"\bsecurity|vulnerab|\bsecrets?\b|injection", security),
    ("find_issues", r"\b(without|missing)\b.*\bindex|\bindex(es)?\b.*\b(missing|add)", structure),
    (
        "describe_model",
        r"\b(review|check|analy[sz]e|improve|suggest)\b.*\b\w+ (model|table)\b|\bmodel [A-Z]",
        review_model,
    ),
    (
        "find_issues",
        r"\b(review|check|analy[sz]e)\b.*\b(code|codebase|project|issues|models)\b|\bfind\b.*\b(issues|problems)\b",
        everything,
    ),
    ("describe_model", r"\b(describe|fields of|columns of|what is)\b.*\b[A-Z]\w+", describe),
    ("list_models", r"\b(what|which|list|show)\b.*\b(models|tables)\b", list_models),
    ("delete_record", r"\b(clean|remove|delete|get rid)\b.*\bduplicate|\bdedup", clean_up),
    ("export_records", r"\bexport\b", find_rows),
    ("query_records", r"\bhow many\b|\bcount\b", count_rows),
    (
        "query_records",
        r"\b(find|list|show|get)\b.*\b(who|that|which|whose|where|with|latest|newest|first|last)\b",
        find_rows,
    ),
    ("search_code", r"\b(search|grep|where is|find)\b", search),
]
