"""aksara-agent: the agent runtime for backends that have models.

Names are loaded when first used, so that ``import aksara_agent`` and the command line start at once.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would cost a third of the time that importing this package takes
if TYPE_CHECKING:
    from typing import Any

    from aksara_agent.errors import AksaraAgentError, ConfigurationError, ProjectError, SessionError, UnknownTool
    from aksara_agent.results import Action, AgentResult, Finding
    from aksara_agent.runtime import AgentRuntime
    from aksara_agent.session import Session
    from aksara_agent.tools import Tool, ToolFailed, ToolRetry, register_tool

__version__ = "0.1.0"

__all__ = [
    "Action",
    "AgentResult",
    "AgentRuntime",
    "AksaraAgentError",
    "ConfigurationError",
    "Finding",
    "ProjectError",
    "Session",
    "SessionError",
    "Tool",
    "ToolFailed",
    "ToolRetry",
    "UnknownTool",
    "register_tool",
]

_HOMES = {
    "Action": "results",
    "AgentResult": "results",
    "AgentRuntime": "runtime",
    "Finding": "results",
    "Session": "session",
    "Tool": "tools",
    "register_tool": "tools",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use; errors are the rest."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
