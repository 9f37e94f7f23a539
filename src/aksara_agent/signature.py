"""When two tool calls are the same call: a hash of the tool's name and its arguments."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def signature(tool: str, arguments: dict[str, Any]) -> str:
    """The first 16 hexadecimal digits of a SHA-256 over name and arguments, whatever the order of keys."""
    text = json.dumps([tool, arguments], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
