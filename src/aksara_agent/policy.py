"""May this call run, must someone be asked, or is it refused? One pure function."""

from __future__ import annotations

from typing import Literal

from aksara_agent.context import Context
from aksara_agent.results import Effect

Verdict = Literal["allow", "ask", "deny"]


def judge(tool: str, effect: Effect, context: Context, *, supervised: bool = False) -> Verdict:
    """Decide on a call of ``tool``: refusals first, then questions, and only then consent."""
    if effect != "read" and not context.allow_writes:
        return "deny"
    if context.interactive or tool in context.require_approval_for:
        return "ask"
    if supervised and effect != "read":
        return "ask"
    return "allow"
