"""What in the file is most like a text that is not there."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches

from aksara_agent.patching.edit import ELISION, Edit
from aksara_agent.patching.haystack import Haystack, windows

NUMBERED = re.compile(r" *\d+ ")
SHOWN, LINES_EACH, WIDTH = 2, 3, 160
MOST_LINES = 20_000  # beyond, a search for close lines takes too long


def not_found(hay: Haystack, edit: Edit) -> str:
    """Why an edit finds no place, with the nearest ones and what differs there."""
    if done := _already(hay, edit):
        return f"the searched text is not in the file, but the replacement is, at line {done[0] + 1}: already made?"
    why = "the searched text is not in the file."
    if any(ELISION.match(line) or line.strip() in ("...", "…") for line in edit.old):
        why += " A line such as '...' cannot stand for others: give all lines, or a shorter text."
    if all(NUMBERED.match(line) for line in edit.old if line.strip()):
        why += " Leave out the line numbers that read_file shows."
    return why + (_nearest(hay, edit) or " Nothing in it is similar: read the file again.")


def _already(hay: Haystack, edit: Edit) -> list[int]:
    return windows(hay.lines, edit.new) if any(line.strip() for line in edit.new) else []


def _nearest(hay: Haystack, edit: Edit) -> str:
    wanted = [line.strip() for line in edit.old]
    rows: dict[str, list[int]] = {}
    for row in hay.solid:
        rows.setdefault(hay.bare[row], []).append(row)
    equal = Counter(row - n for n, line in enumerate(wanted) for row in rows.get(line, ()))
    if equal:
        return "".join(_shown(hay, edit, at) for at, _ in equal.most_common(SHOWN))
    longest = max(range(len(wanted)), key=lambda n: len(wanted[n]))
    close = get_close_matches(wanted[longest], list(rows)[:MOST_LINES], n=SHOWN, cutoff=0.6)
    return "".join(_shown(hay, edit, rows[line][0] - longest) for line in close)


def _shown(hay: Haystack, edit: Edit, at: int) -> str:
    """Where the place is, and the first of the lines that differ."""
    differ = [
        f"line {at + n + 1} is {_quoted(hay, at + n)}, not {line[:WIDTH]!r}"
        for n, line in enumerate(edit.old)
        if _quoted(hay, at + n) != repr(line[:WIDTH])
    ]
    more = f"; {len(differ) - LINES_EACH} more" if len(differ) > LINES_EACH else ""
    return f" Nearest is line {max(at, 0) + 1}: {'; '.join(differ[:LINES_EACH])}{more}."


def _quoted(hay: Haystack, row: int) -> str:
    return repr(hay.lines[row][:WIDTH]) if 0 <= row < len(hay.lines) else "missing"
