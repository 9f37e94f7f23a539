"""Every exception that aksara-agent raises on purpose, and who must act on it.

AksaraAgentError
├── ConfigurationError     you: an argument, setting or environment variable is wrong
│   ├── UnknownTool        you: a tool name that nothing provides
│   └── UnknownModelName   you: a model string that names no provider we can reach
├── ProjectError           you: the project folder, its models or its database
├── SessionError           you: a session that does not exist or can take no message now
│   ├── SessionBusy        you: a run of the session is at work; wait for it, or take it over
│   ├── ApprovalPending    you: the session waits for decisions; give them first
│   └── SessionTakenOver   nobody: another process has gone on with the session
├── UndoRefused            you: somebody changed a file or row after the run
├── StoreError             you: the file or server that keeps sessions and the journal
└── ToolError              the model: what a tool tells it, so that it can do better
    ├── ToolRetry          the model may try again with other arguments
    ├── ToolFailed         final: trying again cannot help
    └── OutcomeUnknown     it may or may not have happened; a person decides before it is tried again
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AksaraAgentError(Exception):
    """Base of all errors raised on purpose."""


class ConfigurationError(AksaraAgentError):
    """An argument, setting or environment variable has a value that cannot work."""


class UnknownTool(ConfigurationError):
    """A tool name that no built-in, registered, discovered or given tool has."""


class UnknownModelName(ConfigurationError):
    """A model string for which no provider can be found."""


class ProjectError(AksaraAgentError):
    """The project cannot be read as asked: its folder, its models or its database."""


class SessionError(AksaraAgentError):
    """A session that does not exist, has ended, or cannot take a message now."""


class SessionBusy(SessionError):
    """A run of the session is at work, here or in another process."""


class ApprovalPending(SessionError):
    """The session waits for decisions, and a new message would drop the question."""


class SessionTakenOver(SessionError):
    """Another process has gone on with the session; what this one still tries to record is void."""


class StoreError(AksaraAgentError):
    """The database of sessions and journal cannot be used."""


class UndoRefused(AksaraAgentError):
    """A file or row was changed after the run, so taking the run back would destroy somebody's work."""


class ToolError(AksaraAgentError):
    """Raised by a tool to tell the model what went wrong."""


class ToolRetry(ToolError):
    """The call can succeed with other arguments; say which."""


class ToolFailed(ToolError):
    """The call cannot succeed; the model should go another way."""


class OutcomeUnknown(ToolError):
    """Contact was lost while the call was at work, and nothing tells whether it took effect."""


def did_you_mean(wrong: str, valid: Iterable[str], *, limit: int = 30) -> str:
    """One sentence that names the close and the valid names for a wrong one."""
    names = sorted(valid)
    close = get_close_matches(wrong, names, n=3, cutoff=0.6)
    hint = f"Did you mean {' or '.join(map(repr, close))}? " if close else ""
    listed = ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")
    return f"{hint}Available: {listed or 'none'}."
