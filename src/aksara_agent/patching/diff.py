"""A unified diff as edits. Its hunks are searched for by their text; line numbers only break ties."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from aksara_agent.errors import ToolRetry
from aksara_agent.patching.edit import LINE_END, NO_NEWLINE, Edit

HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")
OLD, NEW = ("", " ", "-"), ("", " ", "+")  # an editor may have stripped the space of a blank line
KINDS = (*OLD, "+", NO_NEWLINE)
ENDS = ("diff --git ", "Index: ", "```")
SIGNATURE = re.compile(r"\d+\.\d+")  # of git format-patch, after a line "-- "
UNSUPPORTED = ("rename from ", "rename to ", "copy from ", "GIT binary patch", "Binary files ", "*** Begin Patch")


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A hunk as it is written."""

    path: str
    line: int | None
    body: list[str]


def edits_of(diff: str) -> list[Edit]:
    """The hunks of a diff of one or more files. Raises ToolRetry for what is no such diff, or does more than edit."""
    lines = LINE_END.split(diff)
    if unsupported := next((line for line in lines if line.startswith(UNSUPPORTED)), None):
        raise ToolRetry(f"{unsupported!r} cannot be applied: give the changes of text as a unified diff, or as edits.")
    edits = [_edit(hunk) for hunk in _hunks(lines)]
    if not edits:
        raise ToolRetry(
            "No hunk was found in diff. It needs '--- a/path', '+++ b/path' and '@@ … @@' before the lines."
        )
    return edits


def _hunks(lines: list[str]) -> Iterator[_Hunk]:
    path = None
    for number, line in enumerate(lines):
        if _is_header(lines, number):
            path = _path(line, lines[number + 1])
        elif line.startswith("@@"):
            if path is None:
                raise ToolRetry(
                    f"Line {number + 1} of diff begins a hunk, but no '--- ' and '+++ ' lines name its file."
                )
            stated = HUNK.match(line)  # without numbers, as models write it, the text must do
            start, count = (int(stated[1]), int(stated[2] or 1)) if stated else (None, None)
            yield _Hunk(path, start, _body(lines, number + 1, count))


def _body(lines: list[str], number: int, count: int | None) -> list[str]:
    """The lines of a hunk; blank ones at its end belong to it only when its header counts them."""
    body: list[str] = []
    for at in range(number, len(lines)):
        line = lines[at]
        if line.startswith(("@@", *ENDS)) or _is_header(lines, at) or _is_signature(lines, at):
            break
        if line[:1] not in KINDS:
            raise ToolRetry(f"Line {at + 1} of diff begins with neither ' ', '+' nor '-': {line[:80]!r}.")
        body.append(line)
    while body and not body[-1] and sum(line[:1] in OLD for line in body) != count:
        body.pop()
    return body


def _is_header(lines: list[str], number: int) -> bool:
    """A removed line "-- x" looks like a header, but no "+++" and "@@" come after it."""
    following = [*lines[number + 1 : number + 3], "", ""]
    return lines[number].startswith("--- ") and following[0].startswith("+++ ") and following[1].startswith("@@")


def _is_signature(lines: list[str], number: int) -> bool:
    return lines[number] == "-- " and bool(SIGNATURE.match("".join(lines[number + 1 : number + 2])))


def _edit(hunk: _Hunk) -> Edit:
    old = tuple(line[1:] for line in hunk.body if line[:1] in OLD)
    new = tuple(line[1:] for line in hunk.body if line[:1] in NEW)
    return Edit(hunk.path, old, new, whole_lines=True, line=hunk.line, final_newline=_final_newline(hunk.body))


def _final_newline(body: list[str]) -> bool | None:
    """What changes about the newline at the file's end: the mark stands after the old line, the new, or both."""
    marked = {before[:1] for before, line in pairwise(body) if line.startswith(NO_NEWLINE)}
    return {"-": True, "+": False}.get("".join(marked))


def _path(old: str, new: str) -> str:
    """The file that a header is about, without the "a/" and "b/" of git."""
    before, after = _name(old[4:]), _name(new[4:])
    if "/dev/null" in (before, after):
        what, how = (
            ("made", "Make it with write_file") if before == "/dev/null" else ("deleted", "Empty it, or ask the user")
        )
        raise ToolRetry(f"A file cannot be {what} by a diff: {after if what == 'made' else before}. {how}.")
    if before.startswith("a/") and after.startswith("b/"):
        before, after = before[2:], after[2:]
    if before != after:
        raise ToolRetry(f"A file cannot be renamed by a diff: {before} to {after}. Name the same file in both lines.")
    return after


def _name(text: str) -> str:
    """The name in a header: git quotes unusual ones, others add a time after a tab."""
    if not text.startswith('"'):
        return text.partition("\t")[0].strip()
    try:
        return str(ast.literal_eval(f"b{text.strip()}").decode())
    except (SyntaxError, ValueError):
        raise ToolRetry(f"The file name {text} in diff cannot be read. Write it without quotes.") from None
