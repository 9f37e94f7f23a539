"""Where an edit applies, and which lines of the file it then replaces."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from aksara_agent.errors import ToolRetry

ALIKE = 0.5
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
    """The lines that change. Raises ToolRetry where other blank lines leave open what is to become of them."""
    return [_segment(place, *opcode) for opcode in changes(place.old, place.new)]


def _segment(place: Place, tag: str, i1: int, i2: int, j1: int, j2: int) -> Segment:
    """Rewritten lines stay between the blank ones around them; what is added or removed needs those as in the file."""
    old, new = place.old[i1:i2], place.new[j1:j2]
    clear = tag == "replace" and _rewritten(old, new)
    first = i1 if clear else max(i1 - 1, 0)
    around = place.positions[first : i2 if clear else i2 + 1]
    rows = [at for at in around if at is not None]
    if len(rows) < len(around) or any(b - a != 1 for a, b in pairwise(rows)):
        raise ToolRetry(
            f"the blank lines differ from those in the file next to the change (from line {place.line + 1})."
        )
    start = rows[0] + i1 - first
    return Segment(start, start + len(old), new)


def _rewritten(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Whether these are the same lines with other words in them, and not some removed and some added."""
    edges = ((old[0].strip(), new[0].strip()), (old[-1].strip(), new[-1].strip()))
    return len(old) == len(new) and all(a and b and SequenceMatcher(None, a, b).ratio() >= ALIKE for a, b in edges)
