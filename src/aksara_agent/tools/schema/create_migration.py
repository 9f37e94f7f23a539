"""create_migration: the next migration, proven on a scratch copy and then written."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from pydantic import Field

from aksara_agent.errors import ProjectError, ToolRetry
from aksara_agent.project.migrating import SET_UP_PATHS, draft_migration, set_up_files
from aksara_agent.project.migration_words import MigrationDraft
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.schema.migration_answers import Drop, Message, Renames, Values, answers_from
from aksara_agent.tools.schema.migration_preview import preview_of
from aksara_agent.workspace import Workspace


class CreateMigration(Tool):
    """Writes a revision file; it is not applied to the database."""

    name = "create_migration"
    description = (
        "Write the migration that brings the database to the models. It is first proven on a scratch copy of the "
        "database (up, down, up, rows kept). Questions (rename or drop? which value?) are refused until answered. "
        "It does not run the migration."
    )
    effect = "write"
    only_files = True
    timeout = 300

    def preview(self, arguments: dict[str, Any], workspace: Workspace) -> str | None:
        """The file and its SQL, as suggest_migration found them for the same arguments."""
        if arguments.get("set_up"):
            return "\n".join(f"+++ b/{path}" for path in SET_UP_PATHS)
        return preview_of(workspace.root, arguments)

    async def execute(
        self,
        context: ToolContext,
        message: Message = None,
        renames: Renames = None,
        drop: Drop = None,
        values: Values = None,
        set_up: Annotated[bool, Field(description="Set Alembic up in a project that has no migrations yet.")] = False,
    ) -> dict[str, Any]:
        """The file written, its SQL, and how it was proven."""
        try:
            if set_up:
                return await _set_up(context)
            draft = await draft_migration(context.project, answers_from(renames, drop, values, message))
        except ProjectError as error:
            raise ToolRetry(str(error)) from error
        if "content" not in draft:
            return _nothing_written(draft)
        change = await asyncio.to_thread(context.workspace.write, draft["path"], draft["content"])
        told = {key: draft[key] for key in ("revision", "operations", "sql", "proof", "notes")}
        return {**change, **told, "state": draft["state"]["sentences"], "next": "alembic upgrade head applies it"}


def _nothing_written(draft: MigrationDraft) -> dict[str, Any]:
    """Nothing to migrate. Raises ToolRetry for open questions and for a state in which nothing can be compared."""
    state = draft["state"]
    if draft["questions"]:
        asked = "\n".join(f"- {item['question']}" for item in draft["questions"])
        raise ToolRetry(f"Nothing was written, because this must not be guessed:\n{asked}")
    if state["code"] in ("several_heads", "ahead", "unstamped", "unreachable"):
        raise ToolRetry(f"Nothing was written. {' '.join(state['sentences'])}")
    return {
        "operations": [],
        "note": "Nothing to migrate: the models equal the migrations.",
        "state": state["sentences"],
        "pending": state["pending"],
    }


async def _set_up(context: ToolContext) -> dict[str, Any]:
    files = await set_up_files(context.project)
    changes = [await asyncio.to_thread(context.workspace.write, path, text) for path, text in files.items()]
    return {"changes": changes, "next": "create_migration writes the first migration"}
