"""recall_result: the rest of a tool result that was too large to show, or was kept out to save room."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.base import Tool, ToolContext
from aksara_agent.tools.output import MAX_CHARACTERS, as_text

MAX_PIECE = MAX_CHARACTERS - 200  # so that the piece itself is never cut


class RecallResult(Tool):
    """A piece of an earlier result, from the journal."""

    name = "recall_result"
    description = "Read on in the result of an earlier tool call that was cut or kept out of the conversation."
    effect = "read"

    async def execute(
        self,
        context: ToolContext,
        call_id: Annotated[str, Field(description="Id of the call, as given where the result was cut.")],
        start: Annotated[int, Field(ge=0, description="First character to show.")] = 0,
        characters: Annotated[int, Field(ge=1, le=MAX_PIECE)] = MAX_PIECE,
    ) -> str:
        """The text from ``start`` on, and where the next piece begins."""
        action = await context.journal.recall(context.run_id, call_id)
        if action is None:
            raise ToolRetry(f"There is no call {call_id!r} in this session. Use the id that stands where it was cut.")
        text = as_text(action.output) if action.status == "done" else (action.error or action.status)
        end = min(len(text), start + characters)
        more = f"; go on with start={end}" if end < len(text) else ""
        return f"[{action.tool}: characters {start} to {end} of {len(text)}{more}]\n{text[start:end]}"
