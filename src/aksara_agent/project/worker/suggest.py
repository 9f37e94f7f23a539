"""What to say when a name is not known."""

from __future__ import annotations

import difflib
from typing import Any, Iterable


def did_you_mean(name: Any, valid: Iterable[str]) -> str:
    """ "did you mean 'title'? Valid: body, title" for error messages."""
    names = sorted(valid)
    close = difflib.get_close_matches(str(name), names, 1)
    start = "did you mean {!r}? ".format(close[0]) if close else ""
    return start + "Valid: " + ", ".join(names)
