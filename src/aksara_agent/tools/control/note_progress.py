"""note_progress: what a long run must not forget, however much of the conversation is condensed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aksara_agent.tools.base import Tool


class NoteProgress(Tool):
    """A note that stays in sight until the run ends."""

    name = "note_progress"
    description = "Note what is done and what comes next. Notes stay in sight when the conversation is condensed."
    effect = "read"

    async def execute(
        self, note: Annotated[str, Field(min_length=1, max_length=2000, description="One fact, decision or next step.")]
    ) -> str:
        """That it was heard; the note itself stands in the call."""
        return "Noted."
