"""Where an edit applies, and which lines of the file it then replaces."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from aksara_agent.errors import ToolRetry

Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """For each line of ``old`` the line of the file that it stands for; None for a blank line that is not there."""

    positions: tuple[int | None, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]
    relaxed: str = ""

    @property
    def line(self) -> int:
        """The first line of the place, from 0."""
        return min(at for at in self.positions if at is not None)

    @property
    def stop(self) -> int:
        """The line after the place."""
        return max(at for at in self.positions if at is not None) + 1


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """Lines ``start`` to ``stop`` of the file are replaced by ``new``."""

    start: int
    stop: int
    new: tuple[str, ...]


def changes(old: tuple[str, ...], new: tuple[str, ...]) -> list[Opcode]:
    """What differs between the two; the lines in between are kept as the file has them."""
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [opcode for opcode in opcodes if opcode[0] != "equal"]


def segments(place: Place) -> list[Segment]:
    """The lines that change. Raises ToolRetry when blank lines differ at the very edge of a change."""
    return [_segment(place, *opcode[1:]) for opcode in changes(place.old, place.new)]


def _segment(place: Place, i1: int, i2: int, j1: int, j2: int) -> Segment:
    around = place.positions[max(i1 - 1, 0) : i2 + 1]
    rows = [at for at in around if at is not None]
    if len(rows) < len(around) or any(b - a != 1 for a, b in pairwise(rows)):
        near = place.line + 1
        raise ToolRetry(f"the blank lines differ from those in the file next to the change (from line {near}).")
    start = rows[0] + (1 if i1 else 0)
    return Segment(start, start + i2 - i1, place.new[j1:j2])
