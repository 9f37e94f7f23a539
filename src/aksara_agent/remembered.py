"""Approvals that hold for the rest of a session: for a tool, or for its calls whose arguments match patterns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any


def remember(tool: str, always: bool | Mapping[str, str]) -> str:
    """The approval as text for the session's state; ``always`` is True or glob patterns by argument."""
    return json.dumps({"tool": tool, "where": dict(always) if isinstance(always, Mapping) else {}})


def is_remembered(tool: str, arguments: Mapping[str, Any], approvals: Iterable[str]) -> bool:
    """Whether an earlier approval covers the call."""
    return any(_covers(json.loads(approval), tool, arguments) for approval in approvals)


def _covers(approval: dict[str, Any], tool: str, arguments: Mapping[str, Any]) -> bool:
    """A pattern on an argument that is missing covers nothing, nor does one that ".." could lead out of."""
    if approval["tool"] != tool:
        return False
    values = {name: str(arguments[name]) if name in arguments else None for name in approval["where"]}
    return all(
        value is not None and ".." not in value and fnmatchcase(value, approval["where"][name])
        for name, value in values.items()
    )
