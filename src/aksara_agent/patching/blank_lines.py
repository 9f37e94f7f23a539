"""The rung of blank lines: one more or less between lines that stay as they are."""

from __future__ import annotations

from itertools import pairwise

from aksara_agent.errors import ToolRetry
from aksara_agent.patching.edit import Edit
from aksara_agent.patching.exact import Hit
from aksara_agent.patching.haystack import Haystack, windows
from aksara_agent.patching.place import Place


def find(hay: Haystack, edit: Edit) -> list[Hit]:
    """Where the lines that are not blank follow each other."""
    wanted = [line.strip() for line in edit.old if line.strip()]
    return [(hay.solid[at], 0) for at in windows([hay.bare[row] for row in hay.solid], wanted)]


def place(hay: Haystack, edit: Edit, hit: Hit) -> Place:
    """Blank lines are matched where their number agrees; those that are not lie among lines that stay."""
    solid = [number for number, line in enumerate(edit.old) if line.strip()]
    first = hay.solid.index(hit[0])
    rows = hay.solid[first : first + len(solid)]
    if any(edit.old[number].rstrip() != hay.trimmed[row] for number, row in zip(solid, rows, strict=True)):
        raise ToolRetry("blank lines and indentation both differ from the file. Copy the lines as they stand there.")
    positions: list[int | None] = [None] * len(edit.old)
    for (i, row), (j, next_row) in pairwise(zip(solid, rows, strict=True)):
        positions[i], positions[j] = row, next_row
        if j - i == next_row - row:
            positions[i:j] = range(row, next_row)
    positions[solid[0]] = rows[0]
    return Place(tuple(positions), edit.old, edit.new, "blank lines")
