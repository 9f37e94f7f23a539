"""What the tools that change rows share: the preview that binds an approval, the change, and its settlement."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, cast

from aksara_agent.errors import OutcomeUnknown, ProjectError, ToolRetry
from aksara_agent.project.description import CallId, ChangeRequest
from aksara_agent.project.failures import WorkerError
from aksara_agent.results import Action
from aksara_agent.tools.base import Preview, Tool, ToolContext
from aksara_agent.tools.data.row_preview import preview_text

Verdict = Literal["done", "again", "unknown"]
KEY = "Primary key of one row: its value, or an object with each key field."
LIMIT = "Most rows that may be affected; more are refused with their number."
NOTE = "Done before contact with it was lost; not repeated."


class RowTool(Tool, abstract=True):
    """Changes rows of one model in one transaction, with all that undo needs."""

    effect = "write"
    action: ClassVar[Literal["create", "update", "delete"]]

    async def foresee(self, arguments: dict[str, Any], context: ToolContext) -> Preview | None:
        """Number and first rows before and after, what else goes, and a fingerprint of it all."""
        request = self.request(self.validate(arguments))
        plan = await context.project.rows.plan(request, production=context.settings.allow_production_writes)
        return Preview(preview_text(request, plan), plan["fingerprint"])

    async def settle(self, action: Action, context: ToolContext) -> Verdict:
        """Look the call up in the ledger of the project's database, where there is one."""
        try:
            found = await context.project.rows.find_call(_call(context))
        except ProjectError:
            return "unknown"
        if not found["ledger"]:
            return "unknown"
        if found["entry"] is None:
            return "again"
        action.output = {**await _journaled(found["entry"], context), "note": NOTE}
        return "done"

    async def apply(self, context: ToolContext, arguments: dict[str, Any]) -> dict[str, Any]:
        """Make the change. Raises ToolRetry, and OutcomeUnknown when contact was lost on the way."""
        production = context.settings.allow_production_writes
        try:
            result = await context.project.rows.apply(
                self.request(arguments), _call(context), expected=context.approved, production=production
            )
        except ProjectError as error:
            if isinstance(error, WorkerError) and error.in_doubt:
                return await self._find_out(context, error)
            raise ToolRetry(str(error)) from error
        return await _journaled(result, context)

    async def _find_out(self, context: ToolContext, lost: WorkerError) -> dict[str, Any]:
        """The outcome of a change after contact was lost."""
        action = Action(self.name, {}, context.call_id, context.run_id)
        verdict = await self.settle(action, context)
        if verdict == "done":
            return cast(dict[str, Any], action.output)
        if verdict == "again":
            raise ToolRetry(f"Nothing was written: {lost}") from lost
        raise OutcomeUnknown(
            f"Whether the rows were written is not known: {lost}. Look before you repeat it."
        ) from lost

    def request(self, arguments: dict[str, Any]) -> ChangeRequest:
        """The change as data."""
        given = {name: value for name, value in arguments.items() if value is not None}
        return cast(ChangeRequest, {"action": self.action, **given})


def _call(context: ToolContext) -> CallId:
    return {"run_id": context.run_id, "call_id": context.call_id}


async def _journaled(result: dict[str, Any], context: ToolContext) -> dict[str, Any]:
    """The result without the inverse, which goes to the journal."""
    inverse = result.pop("inverse")
    if inverse is not None:
        await context.journal.rows_changed(context.run_id, context.call_id, inverse)
    return result
