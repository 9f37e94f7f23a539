"""A patched file as a unified diff, made from the known changes: to compare large files takes too long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from aksara_agent.patching.patch import Patched

AROUND = 3


class _Window(NamedTuple):
    """Lines ``i1`` to ``i2`` before the change are lines ``j1`` to ``j2`` after it."""

    i1: int
    i2: int
    j1: int
    j2: int


def unified(patched: Patched) -> list[str]:
    """The lines of the diff, without line ends."""
    hunks = [line for window in _windows(patched) for line in _hunk(patched, window)]
    return [f"--- a/{patched.path}", f"+++ b/{patched.path}", *hunks]


def _windows(patched: Patched) -> list[_Window]:
    """The changes with the lines around them; the end of the file too, whose newline may have come or gone."""
    size, delta = len(patched.old_lines), 0
    windows: list[_Window] = []
    ranges = [(segment.start, segment.stop, len(segment.new)) for segment in patched.segments]
    for start, stop, added in [*ranges, (size, size, 0)]:
        low, high, before = max(0, start - AROUND), min(size, stop + AROUND), delta
        delta += added - (stop - start)
        if windows and low <= windows[-1].i2:
            windows[-1] = windows[-1]._replace(i2=high, j2=high + delta)
        else:
            windows.append(_Window(low, high, low + before, high + delta))
    return windows


def _hunk(patched: Patched, window: _Window) -> Iterator[str]:
    old = patched.old_lines[window.i1 : window.i2]
    new = patched.new_lines[window.j1 : window.j2]
    if old == new:
        return
    yield f"@@ -{_range(window.i1, old)} +{_range(window.j1, new)} @@"
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (f" {line}" for line in old[i1:i2])
        else:
            yield from (f"-{line}" for line in old[i1:i2])
            yield from (f"+{line}" for line in new[j1:j2])


def _range(start: int, lines: Sequence[str]) -> str:
    return f"{start + 1 if lines else start},{len(lines)}"
