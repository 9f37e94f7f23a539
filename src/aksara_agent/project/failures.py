"""What can go wrong with a project, as errors that say what to do next."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from aksara_agent.errors import ProjectError

MOST_NAMES = 30


class UnknownModel(ProjectError):
    """No model has this name; the message lists the close ones and all (the first 30)."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, list(known)
        close = difflib.get_close_matches(name, self.known, 3, 0.5)
        meant = f" Did you mean {' or '.join(close)}?" if close else ""
        more = f" and {len(known) - MOST_NAMES} more" if len(known) > MOST_NAMES else ""
        names = f"Known models: {', '.join(self.known[:MOST_NAMES])}{more}." if known else "No models were found."
        super().__init__(f"There is no model {name!r}.{meant} {names}")


class QueryError(ProjectError):
    """The query request is wrong, or the database could not answer it; the message says which."""


class WorkerError(ProjectError):
    """The project could not be imported or asked. `kind`: import, timeout, crash, start, model, database.

    `in_doubt`: contact was lost while it was asked, so that a write may have happened.
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.in_doubt = kind in ("timeout", "crash")
