"""Making text from elsewhere harmless for a terminal."""

from __future__ import annotations

import unicodedata

HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, *, keep: str = "\t") -> str:
    """The text with control, bidi, private and unassigned characters as visible escapes.

    Terminal libraries pass window titles, clipboard writes and text reversal through, so this comes first.
    """
    return "".join(_escape(c) if unicodedata.category(c) in HIDDEN and c not in keep else c for c in text)


def _escape(character: str) -> str:
    return "\\n" if character == "\n" else character.encode("unicode_escape").decode("ascii")
