"""Text as every database takes it."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text without what some database refuses: NUL, and half a character as broken input leaves it."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
