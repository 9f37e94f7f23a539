"""Plans that change models: a new field, soft delete. What no rule covers is said, not guessed."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from aksara_agent.models.offline import answers
from aksara_agent.models.offline.edit_model import NoStyle, add_field
from aksara_agent.models.offline.migration_plans import written_migration
from aksara_agent.models.offline.new_field import NewField, field_in
from aksara_agent.models.offline.plan import Ask, Plan, Seen, Situation
from aksara_agent.models.offline.words import named

Asking = Generator[list[Ask], list[Seen], Any]
NEEDED = frozenset({"list_models", "read_file", "write_file"})
DELETED = NewField("deleted_at", "datetime")


def add_a_field(situation: Situation) -> Plan:
    """Write the model's file with one more column."""
    field = field_in(situation.task)
    if missing := _missing(situation):
        return missing
    (listed,) = yield [Ask("list_models", {})]
    if listed.error:
        return listed.error
    name = named(situation.task.rpartition(" to ")[2], [m["name"] for m in listed.value["models"]])
    if name is None or field is None:
        return f"I cannot make out which field to add to which model. {answers.model_list(listed.value)}"
    path = next(m["file"] for m in listed.value["models"] if m["name"] == name)
    source = yield from _source(path)
    try:
        edited, line = add_field(source, name, field)
    except (NoStyle, SyntaxError) as error:
        return f"Nothing was changed: {error}."
    (written,) = yield [Ask("write_file", {"path": path, "content": edited})]
    if written.error:
        return written.error
    unique = ", unique" if field.unique else ""
    return (
        f"I added `{field.name}` ({field.column_type}{unique}) to {name} (`{path}:{line}`). It may be empty, so "
        "rows that exist need no value. The database does not have it yet: ask me to create a migration for that "
        "change."
    )


def soft_delete(situation: Situation) -> Plan:
    """Give every model a deleted_at, then write the migration."""
    if missing := _missing(situation):
        return missing
    (listed,) = yield [Ask("list_models", {})]
    if listed.error:
        return listed.error
    models = [m for m in listed.value["models"] if DELETED.name not in m["fields"]]
    if not models:
        return "Every model has `deleted_at` already."
    edited, refused = yield from _with_deleted_at(models)
    if not edited:
        return f"Nothing was changed: {'; '.join(refused)}."
    results = yield [Ask("write_file", {"path": path, "content": text}) for path, text in edited.items()]
    refused += [result.error for result in results if result.error]
    said = (
        f"I added `deleted_at` to the models in {', '.join(edited)}. This is the column alone: queries still return "
        f"rows that are marked as deleted until they filter by it.{_notes(refused)}"
    )
    if "create_migration" not in situation.tools or any(result.error for result in results):
        return said
    return f"{said}\n\n{yield from written_migration()}"


def _with_deleted_at(models: list[dict[str, Any]]) -> Asking:
    """The edited source of each file, and why a model was left out."""
    edited: dict[str, str] = {}
    refused: list[str] = []
    for model in models:
        path = model["file"]
        source = edited.get(path) or (yield from _source(path))
        try:
            edited[path], _ = add_field(source, model["name"], DELETED)
        except (NoStyle, SyntaxError) as error:
            refused.append(str(error))
    return edited, refused


def _source(path: str) -> Asking:
    """A whole file, page by page, without the line numbers."""
    lines: list[str] = []
    start: int | None = 1
    while start:
        (page,) = yield [Ask("read_file", {"path": path, "start": start})]
        if page.error:
            return ""
        lines += [line[6:] for line in page.value["content"].split("\n")]
        start = page.value.get("next_start")
    return "\n".join(lines) + "\n"


def _missing(situation: Situation) -> str | None:
    missing = sorted(NEEDED - situation.tools)
    return f"To change a model I need the tools {', '.join(missing)}." if missing else None


def _notes(refused: list[str]) -> str:
    return "".join(f"\n\nLeft out: {text}" for text in refused)
