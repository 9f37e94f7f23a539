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


def as_text(value: Any) -> str:
    """The whole value as a model reads it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def for_model(value: Any, call_id: str = "", *, limit: int = MAX_CHARACTERS) -> str:
    """The text that a model reads, cut at ``limit`` characters with a sentence about the rest."""
    return shortened(as_text(value), call_id, limit=limit) or "(empty result)"


def shortened(text: str, call_id: str, *, limit: int) -> str:
    """The beginning of a text, and how to read on."""
    if len(text) <= limit:
        return text
    rest = f"recall_result(call_id={call_id!r}, start={limit})" if call_id else "Ask for less at a time"
    return f"{text[:limit]}\n… cut: {len(text) - limit:,} more characters. {rest} shows the rest."
