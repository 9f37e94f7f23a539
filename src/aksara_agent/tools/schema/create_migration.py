"""create_migration: the next migration, proven on a scratch copy and then written."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from pydantic import Field

from aksara_agent.errors import ProjectError, ToolRetry
from aksara_agent.project.migrating import SET_UP_PATHS, draft_migration, set_up_files, suggest_migration
from aksara_agent.tools.base import Preview, Tool, ToolContext
from aksara_agent.tools.schema.migration_answers import Drop, Message, Renames, Values, answers_from
from aksara_agent.tools.schema.migration_preview import BLOCKED, fingerprint, preview_of, why_not

TOLD = ("revision", "operations", "sql", "proof", "notes")


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

    async def foresee(self, arguments: dict[str, Any], context: ToolContext) -> Preview | None:
        """The file, its SQL and its risks, and a fingerprint of the operations."""
        given = self.validate(arguments)
        if given.get("set_up"):
            return Preview("\n".join(f"+++ b/{path}" for path in SET_UP_PATHS))
        return preview_of(await suggest_migration(context.project, answers_from(given)))

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
        answers = answers_from({"renames": renames, "drop": drop, "values": values, "message": message})
        production = context.settings.allow_production_writes
        try:
            if set_up:
                return await _set_up(context)
            draft = await draft_migration(context.project, answers, production=production)
        except ProjectError as error:
            raise ToolRetry(str(error)) from error
        if "content" not in draft:
            if draft["questions"] or draft["state"]["code"] in BLOCKED:
                raise ToolRetry(why_not(draft))
            return {"note": why_not(draft), "operations": [], "pending": draft["state"]["pending"]}
        if context.approved not in (None, fingerprint(draft)):
            raise ToolRetry("Nothing was written: the models changed after the migration was approved. Ask again.")
        change = await asyncio.to_thread(context.workspace.write, draft["path"], draft["content"])
        told: dict[str, Any] = {key: value for key, value in draft.items() if key in TOLD}
        return {**change, **told, "state": draft["state"]["sentences"], "next": "alembic upgrade head applies it"}


async def _set_up(context: ToolContext) -> dict[str, Any]:
    files = await set_up_files(context.project)
    changes = [await asyncio.to_thread(context.workspace.write, path, text) for path, text in files.items()]
    return {"changes": changes, "next": "create_migration writes the first migration"}
