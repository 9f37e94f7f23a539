"""Where models, migrations and database differ, as sentences."""

from __future__ import annotations

from aksara_agent.errors import ProjectError

from .migrating import suggest_migration
from .migration_words import MigrationOperation
from .project import Project


async def find_drift(project: Project) -> tuple[list[str], list[str]]:
    """(what differs, why it could not be found out)."""
    try:
        draft = await suggest_migration(project)
    except ProjectError as error:
        return [], [f"Drift was not looked for: {error}"]
    state = draft["state"]
    drift = [] if state["code"] in ("at_head", "unreachable") else list(state["sentences"])
    notes = [f"Drift was not looked for: {state['sentences'][0]}"] if state["code"] == "unreachable" else []
    return drift + [sentence(operation) for operation in draft["operations"]], notes


def sentence(operation: MigrationOperation) -> str:
    """ "no migration makes add_column posts.slug"."""
    place = ".".join(part for part in (operation["table"], operation["column"] or operation["name"]) if part)
    return f"The models need {operation['kind'].replace('_', ' ')} {place}, which no migration makes."
