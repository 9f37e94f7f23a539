"""Where an edit applies: exactly, or after the most careful relaxation that finds one place, and only one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from aksara_agent.errors import ToolRetry
from aksara_agent.patching import blank_lines, exact, typo
from aksara_agent.patching.edit import Edit
from aksara_agent.patching.exact import Hit
from aksara_agent.patching.haystack import Haystack, windows
from aksara_agent.patching.indentation import shifted
from aksara_agent.patching.nearest import not_found
from aksara_agent.patching.place import Place

SHOWN = 10


class Rung(NamedTuple):
    """How to find candidates, and what an edit means at one of them. ``place`` raises ToolRetry where it is unclear."""

    find: Callable[[Haystack, Edit], list[Hit]]
    place: Callable[[Haystack, Edit, Hit], Place]
    heeds_line: bool = False


def locate(hay: Haystack, edit: Edit) -> list[Place]:
    """The place of an edit, or all of them when it is for everywhere. Raises ToolRetry that says what is in the way."""
    for rung in RUNGS:
        if hits := rung.find(hay, edit):
            if edit.everywhere and rung.find is exact.find:
                return exact.places_everywhere(hay, edit, hits)
            return [rung.place(hay, edit, _the_one(hits, edit, heed_line=rung.heeds_line))]
    raise ToolRetry(not_found(hay, edit))


def _the_one(hits: list[Hit], edit: Edit, *, heed_line: bool) -> Hit:
    """The only hit, or the one exactly where a diff says that it is."""
    if len(hits) == 1:
        return hits[0]
    if heed_line and edit.line is not None and (stated := [hit for hit in hits if hit[0] + 1 == edit.line]):
        return stated[0]
    lines = ", ".join(str(line + 1) for line, _ in hits[:SHOWN])
    more = f" and {len(hits) - SHOWN} more" if len(hits) > SHOWN else ""
    raise ToolRetry(f"it fits {len(hits)} places, at lines {lines}{more}. Add lines around it until it fits only one.")


def _without_indentation(hay: Haystack, edit: Edit) -> list[Hit]:
    return [(at, 0) for at in windows(hay.bare, [line.strip() for line in edit.old])]


def _with_shift(hay: Haystack, edit: Edit, hit: Hit) -> Place:
    rows = range(hit[0], hit[0] + len(edit.old))
    return Place(tuple(rows), *shifted([hay.lines[row] for row in rows], edit), "the indentation")


RUNGS = (
    Rung(exact.find, exact.place, heeds_line=True),
    Rung(exact.lines_without_trailing_space, exact.place_of_lines, heeds_line=True),
    Rung(_without_indentation, _with_shift),
    Rung(blank_lines.find, blank_lines.place),
    Rung(typo.find, typo.place),
)
