"""All edits of one file at once: each against the file as it was, none on top of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from aksara_agent.errors import ToolRetry
from aksara_agent.patching.edit import NO_NEWLINE, Edit, refuse_pointless
from aksara_agent.patching.haystack import Haystack
from aksara_agent.patching.ladder import locate
from aksara_agent.patching.place import Place, Segment, segments
from aksara_agent.patching.python_source import why_it_does_not_parse
from aksara_agent.patching.source_text import Line, SourceText, decoded


@dataclass(frozen=True, slots=True)
class Patched:
    """A file before and after, as bytes and as the lines of a diff, and where the edits applied."""

    path: str
    before: bytes
    after: bytes
    old_lines: list[str]
    new_lines: list[str]
    segments: list[Segment]
    places: list[Place]


def patch(path: str, data: bytes, edits: Sequence[Edit]) -> Patched:
    """The file with all edits made. Raises ToolRetry with what is wrong with each edit, ToolFailed for no text."""
    source = decoded(path, data)
    hay = Haystack([line.text for line in source.lines])
    places, wrong = [], []
    for number, edit in enumerate(edits, 1):
        try:
            places += _located(hay, edit, source)
        except ToolRetry as error:
            wrong.append(f"{path}, edit {number}: {error}" if len(edits) > 1 else f"{path}: {error}")
    if wrong:
        raise ToolRetry("\n".join(wrong))
    changed = _apart(path, places)
    lines = _spliced(source.lines, changed, _final_newline(source, edits))
    after = source.encoded(lines)
    _refuse_broken_python(path, data, after)
    return Patched(path, data, after, _shown(source.lines), _shown(lines), changed, places)


def _shown(lines: Sequence[Line]) -> list[str]:
    """The lines for a diff, which tells of a file that ends without a newline."""
    return [line.text if line.end else f"{line.text}\n{NO_NEWLINE} No newline at end of file" for line in lines]


def _located(hay: Haystack, edit: Edit, source: SourceText) -> list[Place]:
    refuse_pointless(edit)
    places = locate(hay, edit)
    if edit.final_newline is not None:
        ends = bool(source.lines[-1].end)
        if places[0].stop < len(source.lines) or ends == edit.final_newline:
            raise ToolRetry("it says 'No newline at end of file', but that does not fit the end of the file.")
    for place in places:
        segments(place)  # raises where they are unclear, while we know which edit it is
    return places


def _apart(path: str, places: Sequence[Place]) -> list[Segment]:
    """The changed lines in order. Raises ToolRetry when two edits meet."""
    changed = sorted(segment for place in places for segment in segments(place))
    for one, other in pairwise(changed):
        if other.start < one.stop or (one.start, one.stop) == (other.start, other.stop):
            raise ToolRetry(f"{path}: two edits change line {other.start + 1}. Make them one edit.")
    return changed


def _final_newline(source: SourceText, edits: Sequence[Edit]) -> bool:
    """Whether the file is to end with a newline: as before, unless a diff says something else."""
    said = [edit.final_newline for edit in edits if edit.final_newline is not None]
    return said[-1] if said else bool(source.lines and source.lines[-1].end)


def _spliced(lines: list[Line], changed: Sequence[Segment], final_newline: bool) -> list[Line]:
    """The lines with the segments replaced; a new line ends as the one that it replaces, or its neighbour."""
    result, at = [], 0
    for segment in changed:
        result += lines[at : segment.start]
        for number, text in enumerate(segment.new, segment.start):
            result.append(Line(text, _end_near(lines, min(number, max(segment.stop - 1, segment.start - 1, 0)))))
        at = segment.stop
    result += lines[at:]
    last = len(result) - 1
    ends = (line.end or _end_near(lines, min(n, len(lines) - 1)) for n, line in enumerate(result))
    return [
        Line(line.text, end if n < last or final_newline else "")
        for n, (line, end) in enumerate(zip(result, ends, strict=True))
    ]


def _end_near(lines: Sequence[Line], at: int) -> str:
    """How the line ends, or the one before it when it ends the file."""
    return next((line.end for line in reversed(lines[: at + 1]) if line.end), "\n")


def _refuse_broken_python(path: str, before: bytes, after: bytes) -> None:
    if not path.endswith((".py", ".pyi")) or why_it_does_not_parse(path, before):
        return
    if broken := why_it_does_not_parse(path, after):
        raise ToolRetry(f"{path} would not parse any more: {broken}.")
