"""What a tool returns, as data for the journal and as text for the model."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import from_json, to_json

MAX_CHARACTERS = 20_000


def json_able(value: Any) -> Any:
    """The value as JSON-able data; what has no JSON form becomes its text."""
    try:
        return from_json(to_json(value, fallback=str, inf_nan_mode="strings"))
    except ValueError:  # bytes that are no text, half a surrogate pair, a list that holds itself
        return repr(value)


def for_model(value: Any, *, limit: int = MAX_CHARACTERS) -> str:
    """The text that a model reads, cut at ``limit`` characters with a sentence about the rest."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= limit:
        return text or "(empty result)"
    return f"{text[:limit]}\n… cut: {len(text) - limit:,} more characters. Ask for less at a time to see the rest."
