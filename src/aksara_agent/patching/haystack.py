"""The lines of a file in the forms in which they are searched."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

WORD = re.compile(r"\w+")


class Haystack:
    """The file's lines as they are, without trailing space, bare, and as one text."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.text = "\n".join(lines)

    @cached_property
    def trimmed(self) -> list[str]:
        """The lines without trailing space."""
        return [line.rstrip() for line in self.lines]

    @cached_property
    def bare(self) -> list[str]:
        """The lines without indentation and trailing space."""
        return [line.strip() for line in self.lines]

    @cached_property
    def solid(self) -> list[int]:
        """The numbers of the lines that are not blank."""
        return [number for number, line in enumerate(self.bare) if line]

    @cached_property
    def words(self) -> set[str]:
        """Every word of the file."""
        return set(WORD.findall(self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)]

    def place_of(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in ``text``, from 0."""
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    def offset_of(self, line: int, column: int = 0) -> int:
        """The offset in ``text`` of a line and column."""
        return self._starts[line] + column


def windows(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where ``wanted`` stands among ``lines``."""
    size = len(wanted)
    if not size:
        return []
    starts = (at for at, line in enumerate(lines) if line == wanted[0])
    return [at for at in starts if list(lines[at : at + size]) == list(wanted)]
