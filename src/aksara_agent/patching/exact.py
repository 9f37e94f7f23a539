"""The first rung: the text as it is, once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aksara_agent.errors import ToolRetry
from aksara_agent.patching.edit import Edit
from aksara_agent.patching.haystack import Haystack, windows
from aksara_agent.patching.indentation import shifted
from aksara_agent.patching.place import Place

Hit = tuple[int, int]  # line and column, from 0
GLUED = re.compile(r"\w\w|[=<>!+\-*/%&|^~]{2}")


def find(hay: Haystack, edit: Edit) -> list[Hit]:
    """Where the text stands and does not begin or end within a word; several lines only as whole lines.

    Trailing space is invisible, so it cannot be what tells one place from another: such places count too.
    """
    hits = [hay.place_of(at) for at in _occurrences(hay.text, "\n".join(edit.old)) if _stands_alone(hay.text, at, edit)]
    hits = [hit for hit in hits if _is_line(hay, hit, edit) or not (edit.whole_lines or len(edit.old) > 1)]
    whole = [hit for hit in hits if not hit[1]]
    chosen = whole if whole and sum(1 for line in edit.old if line.strip()) > 1 else hits
    return sorted({*chosen, *lines_without_trailing_space(hay, edit)}) if chosen else []


def lines_without_trailing_space(hay: Haystack, edit: Edit) -> list[Hit]:
    """Where the lines stand, whatever space is at their ends."""
    return [(at, 0) for at in windows(hay.trimmed, [line.rstrip() for line in edit.old])]


def place_of_lines(hay: Haystack, edit: Edit, hit: Hit) -> Place:
    """The place of lines that differ in trailing space only."""
    rows = range(hit[0], hit[0] + len(edit.old))
    return Place(tuple(rows), edit.old, edit.new, "trailing space")


def place(hay: Haystack, edit: Edit, hit: Hit) -> Place:
    """A text within a line becomes an edit of the whole line."""
    line, column = hit
    if not hay.text.startswith("\n".join(edit.old), hay.offset_of(line, column)):
        return place_of_lines(hay, edit, hit)
    _refuse_if_done(hay, edit, hay.offset_of(line, column))
    rows = tuple(range(line, line + len(edit.old)))
    if _is_line(hay, hit, edit):
        if not column:
            return Place(rows, edit.old, edit.new)
        if not any(text.strip() for text in edit.old[1:]):
            return Place(rows, *shifted(hay.lines[line : line + len(edit.old)], edit), "the indentation")
        return _with_first_indent(rows, hay.lines[line][:column], edit)
    if edit.breaks_line and hay.lines[line][column + len(edit.old[0]) :].strip():
        raise ToolRetry("the replacement ends with a new line, but the searched text within one. Give whole lines.")
    return _within(hay, edit, line, [column])


def places_everywhere(hay: Haystack, edit: Edit, hits: list[Hit]) -> list[Place]:
    """A place for each hit, and one for those that share a line."""
    by_line: dict[int, list[int]] = {}
    for line, column in hits:
        by_line.setdefault(line, []).append(column)
    return [
        _within(hay, edit, line, columns) if len(columns) > 1 else place(hay, edit, (line, columns[0]))
        for line, columns in by_line.items()
    ]


def _within(hay: Haystack, edit: Edit, line: int, columns: list[int]) -> Place:
    """The text is replaced at these columns of a line."""
    whole = changed = hay.lines[line]
    for column in reversed(columns):
        changed = changed[:column] + "\n".join(edit.new) + changed[column + len(edit.old[0]) :]
    return Place((line,), (whole,), tuple(changed.split("\n")))


def _occurrences(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _stands_alone(text: str, at: int, edit: Edit) -> bool:
    stop = at + sum(len(line) + 1 for line in edit.old) - 1
    if any(edge and GLUED.match(text[edge - 1 : edge + 1]) for edge in (at, stop)):
        return False
    return text[stop : stop + 1] in ("", "\n") or not edit.ends_line


def _is_line(hay: Haystack, hit: Hit, edit: Edit) -> bool:
    """Whether nothing but indentation stands before the text, and nothing at all after it."""
    line, column = hit
    if len(edit.old) > 1:
        ends = hay.lines[line + len(edit.old) - 1] == edit.old[-1]
    else:
        ends = column + len(edit.old[0]) == len(hay.lines[line])
    return ends and not hay.lines[line][:column].strip()


def _with_first_indent(rows: tuple[int, ...], indent: str, edit: Edit) -> Place:
    """Only the first line was given without its indentation; so is the first of the new ones, and no other."""
    first, rest = edit.new[:1], edit.new[1:]
    shallow = any(line.strip() and not line.startswith(indent) for line in rest)
    if first and first != edit.old[:1] and (shallow or first[0][:1].isspace()):
        raise ToolRetry("only the first line of the searched text lacks its indentation. Give all lines with theirs.")
    indented = tuple(indent + line for line in first) + rest
    return Place(rows, (indent + edit.old[0], *edit.old[1:]), indented, "the indentation of the first line")


def _refuse_if_done(hay: Haystack, edit: Edit, at: int) -> None:
    """An edit that only adds still finds what it looks for after it has been made."""
    old, new = "\n".join(edit.old), "\n".join(edit.new)
    for before in _occurrences(new, old) if len(new) > len(old) else ():
        if at >= before and hay.text[at - before : at - before + len(new)] == new:
            raise ToolRetry(f"this edit is already made: the replacement stands at line {hay.place_of(at)[0] + 1}.")
