"""The last rung: one wrong, missing, extra or swapped character in one line, all others as they are."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from aksara_agent.errors import ToolRetry
from aksara_agent.patching.edit import Edit
from aksara_agent.patching.exact import Hit
from aksara_agent.patching.haystack import WORD, Haystack
from aksara_agent.patching.place import Place, changes

ANCHORS = 2  # exact lines with a word in them, without which one slip could be another place
NEARLY = 0.7
A_WORD = re.compile(r"\w{3}")


def find(hay: Haystack, edit: Edit) -> list[Hit]:
    """Where all lines stand but one, which differs by a typo; then also the places where it merely resembles."""
    wanted = [line.rstrip() for line in edit.old]
    typos, near = [], []
    for at in _all_but_one(hay.trimmed, wanted):
        odd = next(n for n, line in enumerate(wanted) if line != hay.trimmed[at + n])
        anchors = sum(1 for n, line in enumerate(wanted) if n != odd and A_WORD.search(line))
        if anchors >= ANCHORS and _is_typo(hay, wanted[odd], hay.trimmed[at + odd]):
            typos.append((at, 0))
        elif SequenceMatcher(None, wanted[odd].strip(), hay.bare[at + odd]).ratio() >= NEARLY:
            near.append((at, 0))
    return typos and sorted(typos + near)


def place(hay: Haystack, edit: Edit, hit: Hit) -> Place:
    """Raises ToolRetry when the typo would get into the file with the replacement."""
    rows = range(hit[0], hit[0] + len(edit.old))
    odd = next(n for n, row in enumerate(rows) if edit.old[n].rstrip() != hay.trimmed[row])
    real, given = hay.lines[rows[odd]], edit.old[odd]
    strange = set(WORD.findall(given)) - set(WORD.findall(real))
    opcodes = changes(edit.old, edit.new)
    added = {word for _, _, _, j1, j2 in opcodes for line in edit.new[j1:j2] for word in WORD.findall(line)}
    if strange & added:
        raise ToolRetry(
            f"line {rows[odd] + 1} is {real.strip()!r}, not {given.strip()!r}, and the replacement repeats it."
        )
    return Place(tuple(rows), edit.old, edit.new, f"a typo: line {rows[odd] + 1} is {real.strip()!r}")


def _all_but_one(lines: list[str], wanted: list[str]) -> list[int]:
    """The starts of the places where exactly one line, and no blank one, is different."""
    rows: dict[str, list[int]] = {}
    for row, line in enumerate(lines):
        rows.setdefault(line, []).append(row)
    equal = Counter(row - n for n, line in enumerate(wanted) for row in rows.get(line, ()))
    fits = (at for at, count in equal.items() if count == len(wanted) - 1 and 0 <= at <= len(lines) - len(wanted))
    return sorted(at for at in fits if all(bool(a) == bool(b) for a, b in zip(wanted, lines[at:], strict=False)))


def _is_typo(hay: Haystack, given: str, real: str) -> bool:
    """One letter's difference inside a word that the file has nowhere: "item" and "items" are two words."""
    if (pair := _difference(given, real)) is None or any(character.isdigit() for character in "".join(pair)):
        return False
    words, meant = set(WORD.findall(given)), set(WORD.findall(real))
    if len(words - meant) != 1 or len(meant - words) != 1:
        return False
    strange, word = (words - meant).pop(), (meant - words).pop()
    inside = len(pair[0]) == 2 or (strange[0], strange[-1]) == (word[0], word[-1])  # two letters are swapped ones
    return inside and strange not in hay.words


def _difference(a: str, b: str) -> tuple[str, str] | None:
    """The characters by which two lines differ, when that is one, or two in turn."""
    start = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    end = next((n for n, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[: len(a) - end], b[: len(b) - end]
    swapped = len(a) == len(b) == 2 and a == b[::-1]
    return (a, b) if swapped or max(len(a), len(b)) == 1 else None
