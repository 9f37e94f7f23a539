"""goal_reached: how an autonomous run says that it is done."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aksara_agent.tools.base import Tool


class GoalReached(Tool):
    """The end of an autonomous run, with evidence."""

    name = "goal_reached"
    description = "Say that the goal is reached. Ends the run."
    effect = "read"

    async def execute(
        self, evidence: Annotated[str, Field(min_length=1, description="What shows it: figures, files, test results.")]
    ) -> str:
        """The evidence, which becomes the run's last word."""
        return evidence
