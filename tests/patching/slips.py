"""The ways in which models write an edit wrong, done to real hunks. ``expected`` is the one right result."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from real_hunks import Hunk

Lines = tuple[str, ...]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Case:
    """An edit as a model wrote it. ``expected`` is None where every application is wrong."""

    file: Lines
    old: Lines
    new: Lines
    line: int
    expected: Lines | None
    line_end: str = "\n"


Slip = Callable[[Hunk, random.Random], Case | None]


def none(hunk: Hunk, chance: random.Random) -> Case:
    """As it should be."""
    file = hunk.file
    expected = file[: hunk.at] + hunk.new + file[hunk.at + len(hunk.old) :]
    return Case(file, hunk.old, hunk.new, hunk.at + 1, expected)


def crlf(hunk: Hunk, chance: random.Random) -> Case:
    """The file has other line ends."""
    return replace(none(hunk, chance), line_end="\r\n")


def trailing_space_lost(hunk: Hunk, chance: random.Random) -> Case | None:
    """The file has trailing space that the model did not write."""
    case, kept = none(hunk, chance), _kept(hunk)
    rows = [n for n, line in enumerate(hunk.old) if line.strip()]
    spaced = set(chance.sample(rows, min(2, len(rows))))
    old = tuple(line + "  " * (n in spaced) for n, line in enumerate(hunk.old))
    new = list(hunk.new)
    for i, j in kept.items():
        new[j] = old[i]
    expected = hunk.file[: hunk.at] + tuple(new) + hunk.file[hunk.at + len(old) :]
    return replace(case, file=_with(hunk, old), expected=expected)


def trailing_space_added(hunk: Hunk, chance: random.Random) -> Case | None:
    return _on_one_line(hunk, chance, lambda line: line + " ", both=True)


def tabs(hunk: Hunk, chance: random.Random) -> Case | None:
    """Tabs in the place of four spaces."""
    return _on_all_lines(hunk, chance, lambda line: re.sub(r"^( {4})+", lambda m: "\t" * (len(m[0]) // 4), line))


def deeper(hunk: Hunk, chance: random.Random) -> Case | None:
    return _on_all_lines(hunk, chance, lambda line: "    " + line)


def dedented(hunk: Hunk, chance: random.Random) -> Case | None:
    """All indentation that the lines share is left out."""
    common = min(len(line) - len(line.lstrip()) for line in hunk.old + hunk.new if line.strip())
    return _on_all_lines(hunk, chance, lambda line: line[common:])


def first_line_stripped(hunk: Hunk, chance: random.Random) -> Case | None:
    """What a model does that strips the whole text."""
    if not hunk.new or hunk.old[0] == hunk.old[0].lstrip():
        return None
    old, new = ((lines[0].lstrip(), *lines[1:]) for lines in (hunk.old, hunk.new))
    return replace(none(hunk, chance), old=old, new=new)


def blank_line_dropped(hunk: Hunk, chance: random.Random) -> Case | None:
    """A blank line between others, that stays, is left out."""
    case, kept = none(hunk, chance), _kept(hunk)
    rows = [i for i in kept if not hunk.old[i].strip() and _inside(hunk.old, i) and _inside(hunk.new, kept[i])]
    if not rows:
        return None
    i = chance.choice(rows)
    return replace(case, old=_without(hunk.old, i), new=_without(hunk.new, kept[i]))


def blank_line_added(hunk: Hunk, chance: random.Random) -> Case | None:
    """A blank line too many, among lines that stay."""
    case, kept = none(hunk, chance), _kept(hunk)
    rows = [i for i in kept if i + 1 in kept and hunk.old[i].strip() and hunk.old[i + 1].strip()]
    if not rows:
        return None
    i = chance.choice(rows)
    j = kept[i]
    old, new = ((*lines[: n + 1], "", *lines[n + 1 :]) for lines, n in ((hunk.old, i), (hunk.new, j)))
    return replace(case, old=old, new=new)


def typo_in_a_line_that_stays(hunk: Hunk, chance: random.Random) -> Case | None:
    return _on_one_line(hunk, chance, lambda line: _misspelt(line, chance), both=True, among=set(_kept(hunk)))


def typo_in_a_line_that_goes(hunk: Hunk, chance: random.Random) -> Case | None:
    gone = set(range(len(hunk.old))) - set(_kept(hunk))
    return _on_one_line(hunk, chance, lambda line: _misspelt(line, chance), both=False, among=gone)


def typo_in_search_and_replacement(hunk: Hunk, chance: random.Random) -> Case | None:
    """The same word misspelt everywhere in the edit."""
    words = sorted({w for line in hunk.old for w in re.findall(r"[A-Za-z_]{5,}", line)})
    if not words:
        return None
    word = chance.choice(words)
    wrong = _misspelt(word, chance)
    return _on_all_lines(hunk, chance, lambda line: re.sub(rf"\b{word}\b", wrong, line))


def wrong_line_number(hunk: Hunk, chance: random.Random) -> Case:
    case = none(hunk, chance)
    return replace(case, line=max(1, case.line + chance.choice((-1, 1)) * chance.randint(1, 40)))


def outer_context_missing(hunk: Hunk, chance: random.Random) -> Case | None:
    """Some of the lines before and after the change are left out."""
    case, kept = none(hunk, chance), _kept(hunk)
    before = next((i for i in range(len(hunk.old)) if kept.get(i) != i), 0)
    after = next((i for i in range(len(hunk.old)) if kept.get(len(hunk.old) - 1 - i) != len(hunk.new) - 1 - i), 0)
    first, last = chance.randint(0, before), chance.randint(0, after)
    old, new = (lines[first : len(lines) - last] for lines in (hunk.old, hunk.new))
    return replace(case, old=old, new=new, line=case.line + first)


def inner_context_missing(hunk: Hunk, chance: random.Random) -> Case | None:
    """A line among those that stay is left out."""
    case, kept = none(hunk, chance), _kept(hunk)
    rows = [i for i in kept if i - 1 in kept and i + 1 in kept and hunk.old[i].strip()]
    if not rows:
        return None
    i = chance.choice(rows)
    return replace(case, old=_without(hunk.old, i), new=_without(hunk.new, kept[i]))


def twice_in_the_file(hunk: Hunk, chance: random.Random) -> Case:
    """The same lines stand at another place too, and no true line number tells which is meant."""
    case = none(hunk, chance)
    file = (*hunk.file[:-1], *hunk.old, *hunk.file[-1:])
    return replace(case, file=file, expected=None, line=len(file) + 40)


def elided(hunk: Hunk, chance: random.Random) -> Case | None:
    """Lines that stay are written as "...", in search and replacement."""
    case, kept = none(hunk, chance), _kept(hunk)
    rows = [i for i in kept if i + 1 in kept and i > 0]
    if not rows:
        return None
    i = chance.choice(rows)
    old, new = ((*lines[:n], "# ...", *lines[n + 2 :]) for lines, n in ((hunk.old, i), (hunk.new, kept[i])))
    return replace(case, old=old, new=new)


def elided_replacement(hunk: Hunk, chance: random.Random) -> Case | None:
    """The search is complete, but the replacement says "the rest as before"."""
    if len(hunk.new) < 4:
        return None
    at = chance.randrange(1, len(hunk.new) - 2)
    new = (*hunk.new[:at], chance.choice(("# ... existing code ...", "    # ...")), *hunk.new[at + 2 :])
    return replace(none(hunk, chance), new=new, expected=None)


def already_made(hunk: Hunk, chance: random.Random) -> Case | None:
    case = none(hunk, chance)
    assert case.expected is not None
    return None if _repeats(hunk) else replace(case, file=case.expected, expected=None)


def place_gone(hunk: Hunk, chance: random.Random) -> Case | None:
    """The file's lines have become others in two words that it uses elsewhere: what the edit is about is not there."""
    words = sorted(set(re.findall(r"[A-Za-z_]{4,}", "\n".join(hunk.file))))
    rows = [n for n, line in enumerate(hunk.old) if re.search(r"[A-Za-z_]{4,}", line)]
    if len(rows) < 2 or len(words) < 3 or _repeats(hunk):
        return None
    old = list(hunk.old)
    for row in chance.sample(rows, chance.randint(1, 2)):
        one = chance.choice(re.findall(r"[A-Za-z_]{4,}", old[row]))
        other = chance.choice([word for word in words if word != one])
        old[row] = re.sub(rf"\b{one}\b", other, old[row])
    return replace(none(hunk, chance), file=_with(hunk, tuple(old)), expected=None)


def _kept(hunk: Hunk) -> dict[int, int]:
    """The lines of ``old`` that stay, with their place in ``new``."""
    matcher = difflib.SequenceMatcher(None, hunk.old, hunk.new, autojunk=False)
    return {block.a + n: block.b + n for block in matcher.get_matching_blocks() for n in range(block.size)}


def _with(hunk: Hunk, lines: Lines) -> Lines:
    return hunk.file[: hunk.at] + lines + hunk.file[hunk.at + len(hunk.old) :]


def _repeats(hunk: Hunk) -> bool:
    """Whether the same lines stand in the file twice: an edit that is made at one place is then due at the other."""
    size = len(hunk.old)
    return sum(hunk.file[at : at + size] == hunk.old for at in range(len(hunk.file))) > 1


def _without(lines: Lines, row: int) -> Lines:
    return lines[:row] + lines[row + 1 :]


def _inside(lines: Lines, row: int) -> bool:
    return any(line.strip() for line in lines[:row]) and any(line.strip() for line in lines[row + 1 :])


def _misspelt(line: str, chance: random.Random) -> str:
    """One letter of a longer word left out, doubled, swapped or exchanged."""
    words = list(re.finditer(r"[A-Za-z_]{4,}", line))
    if not words:
        return line
    word = chance.choice(words)
    at = chance.randrange(word.start(), word.end() - 1)
    letter = line[at]
    wrong = chance.choice(("", letter * 2, line[at + 1] + letter, chance.choice(LETTERS)))
    return line[:at] + wrong + line[at + (2 if len(wrong) == 2 and wrong != letter * 2 else 1) :]


def _on_all_lines(hunk: Hunk, chance: random.Random, change: Callable[[str], str]) -> Case | None:
    old, new = (tuple(change(line) if line.strip() else line for line in lines) for lines in (hunk.old, hunk.new))
    return replace(none(hunk, chance), old=old, new=new) if old != hunk.old else None


def _on_one_line(
    hunk: Hunk, chance: random.Random, change: Callable[[str], str], *, both: bool, among: set[int] | None = None
) -> Case | None:
    """Change one line of the search, and with ``both`` the line of the replacement that it stays as."""
    rows = [n for n, line in enumerate(hunk.old) if line.strip() and (among is None or n in among)]
    if not rows:
        return None
    row = chance.choice(rows)
    changed, kept = change(hunk.old[row]), _kept(hunk)
    if changed == hunk.old[row]:
        return None
    old = (*hunk.old[:row], changed, *hunk.old[row + 1 :])
    new = list(hunk.new)
    if both and row in kept:
        new[kept[row]] = changed
    return replace(none(hunk, chance), old=old, new=tuple(new))


SLIPS: tuple[Slip, ...] = (
    none, crlf, trailing_space_lost, trailing_space_added, tabs, deeper, dedented, first_line_stripped,
    blank_line_dropped, blank_line_added, typo_in_a_line_that_stays, typo_in_a_line_that_goes,
    typo_in_search_and_replacement, wrong_line_number, outer_context_missing, inner_context_missing,
    twice_in_the_file, elided, elided_replacement, already_made, place_gone,
)  # fmt: skip
