"""suggest_migration: what a migration would do, without writing or running one."""

from __future__ import annotations

from typing import Any

from aksara_agent.errors import ProjectError, ToolRetry
from aksara_agent.project.migrating import suggest_migration
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.schema.migration_answers import Drop, Message, Renames, Values, answers_from


class SuggestMigration(Tool):
    """State of migrations and database, the pending operations, their SQL and risks, and open questions."""

    name = "suggest_migration"
    description = (
        "Compare models, migrations and database: is the database behind, what would the next migration change, "
        "its SQL and file name, what it destroys or locks, and what must be answered before it can be created."
    )
    effect = "read"
    timeout = 120

    async def execute(
        self,
        context: ToolContext,
        renames: Renames = None,
        drop: Drop = None,
        values: Values = None,
        message: Message = None,
    ) -> dict[str, Any]:
        """The draft; ``path`` and ``content`` are there once no question is open."""
        answers = answers_from({"renames": renames, "drop": drop, "values": values, "message": message})
        try:
            return {**await suggest_migration(context.project, answers)}
        except ProjectError as error:
            raise ToolRetry(str(error)) from error
