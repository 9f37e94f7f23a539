"""Plans about migrations: what is pending, and writing the next one."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from aksara_agent.models.offline.plan import Ask, Plan, Seen, Situation


def pending_migrations(situation: Situation) -> Plan:
    """Tell the state of migrations and what the next one would do."""
    (draft,) = yield [Ask("suggest_migration", {})]
    return draft.error or _suggested(draft.value)


def create_migration(situation: Situation) -> Plan:
    """Write the next migration, unless something must be answered first."""
    return (yield from written_migration())


def set_up_migrations(situation: Situation) -> Plan:
    """Set Alembic up."""
    (made,) = yield [Ask("create_migration", {"set_up": True})]
    if made.error:
        return made.error
    files = "".join(f"\n- `{change['path']}`" for change in made.value["changes"])
    return f"Alembic is set up:\n{files}\n\nAsk me to create the first migration."


def written_migration() -> Generator[list[Ask], list[Seen], str]:
    """Suggest first, so that the question put to a person shows what will be written."""
    (draft,) = yield [Ask("suggest_migration", {})]
    if draft.error:
        return draft.error
    if "path" not in draft.value:
        return _suggested(draft.value)
    (made,) = yield [Ask("create_migration", {})]
    return made.error or _created(made.value)


def _created(made: dict[str, Any]) -> str:
    proof = made["proof"]
    steps = ", ".join(proof["steps"])
    proven = (
        f"Proven on a scratch copy {proof['rows']}: {steps}." if proof["proven"] else f"Not proven: {proof['why']}."
    )
    return (
        f"I wrote `{made['path']}`:\n\n{_operations(made['operations'])}\n\n{proven} It is not applied yet: run "
        f"`alembic upgrade head`."
    )


def _suggested(draft: dict[str, Any]) -> str:
    state = " ".join(draft["state"]["sentences"])
    if draft["questions"]:
        asked = "\n".join(f"- {item['question']}" for item in draft["questions"])
        return f"{state}\n\nBefore a migration can be written, this must be answered:\n\n{asked}"
    if not draft["operations"]:
        blocked = draft["state"]["code"] in ("several_heads", "ahead", "unstamped", "unreachable")
        return state if blocked else f"Nothing to migrate: the models equal the migrations. {state}"
    return f"{state}\n\nThe next migration would be `{draft['path']}`:\n\n{_operations(draft['operations'])}"


def _operations(operations: list[dict[str, Any]]) -> str:
    lines = []
    for item in operations:
        place = ".".join(part for part in (item["table"], item["column"] or item["name"]) if part)
        marks = [*item["notes"], *([item["locking"]] if item["locking"] else [])]
        lines.append(
            f"- {item['kind'].replace('_', ' ')} {place}".rstrip() + (f" ({'; '.join(marks)})" if marks else "")
        )
    return "\n".join(lines)
