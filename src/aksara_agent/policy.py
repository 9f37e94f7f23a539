"""May this call run, must someone be asked, or is it refused? One pure function."""

from __future__ import annotations

from collections.abc import Container
from typing import Literal

from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError
from aksara_agent.results import Effect

Verdict = Literal["allow", "ask", "deny"]
SYSTEM_TOOLS = frozenset({"run_command"})  # offered only where ``allow_system_tools`` says so


def judge(tool: str, effect: Effect, context: Context, *, supervised: bool = False) -> Verdict:
    """Decide on a call of ``tool``: refusals first, then questions, and only then consent."""
    if effect != "read" and not context.allow_writes:
        return "deny"
    if tool in SYSTEM_TOOLS and not context.allow_system_tools:
        return "deny"
    if context.interactive or tool in context.require_approval_for:
        return "ask"
    if supervised and effect != "read":
        return "ask"
    return "allow"


def refuse_unsafe_commands(offered: Container[str], context: Context) -> None:
    """Raises ConfigurationError where a model could run any command with nobody looking."""
    if "run_command" not in offered:
        return
    if context.sandbox_mode:
        raise ConfigurationError(
            "sandbox_mode=True: this version has no sandbox to run commands in. Leave run_command out of the tools, "
            "or set sandbox_mode=False and approve each command."
        )
    if not context.interactive and "run_command" not in context.require_approval_for:
        raise ConfigurationError(
            "run_command would run without a sandbox and without approval. "
            "Put it into require_approval_for, or leave it out of the tools."
        )
