"""A block that was given with another indentation than it has in the file: the replacement is shifted alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from aksara_agent.errors import ToolRetry
from aksara_agent.patching.edit import Edit

Shift = Callable[[str], str | None]  # from an indentation as given to the file's; None where it has no answer
WIDTHS = (2, 3, 4, 8)


def indent_of(line: str) -> str:
    """The white space before the text of a line."""
    return line[: len(line) - len(line.lstrip())]


def shifted(found: Sequence[str], edit: Edit) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """``old`` and ``new`` of the edit as they would stand at the lines ``found``.

    Raises ToolRetry when no one shift explains all lines, or several do and differ in what comes out.
    """
    pairs = [(indent_of(a), indent_of(b)) for a, b in zip(edit.old, found, strict=True) if a.strip()]
    fitting = [shift for shift in _shifts(pairs, edit.new) if all(shift(given) == real for given, real in pairs)]
    results = {tuple(map(partial(_moved, shift=shift), edit.new)) for shift in fitting}
    if len(results) != 1 or not _starts_alike(edit):
        raise ToolRetry("its indentation is not that of the file. Copy the lines with the indentation they have there.")
    new = results.pop()
    if None in new:
        raise ToolRetry("its indentation is more than that of the file, but not in the replacement.")
    old = tuple(real + line[len(given) :] for (given, real), line in _with_indents(edit.old, found))
    return old, tuple(line for line in new if line is not None)


def _with_indents(old: Sequence[str], found: Sequence[str]) -> Iterator[tuple[tuple[str, str], str]]:
    for line, real in zip(old, found, strict=True):
        yield (("", "") if not line.strip() else (indent_of(line), indent_of(real))), line


def _moved(line: str, shift: Shift) -> str | None:
    if not line.strip():
        return line
    indent = indent_of(line)
    to = shift(indent)
    return None if to is None else to + line[len(indent) :]


def _starts_alike(edit: Edit) -> bool:
    """Whether the replacement is written in the same wrong indentation as the searched text."""
    old, new = ([indent_of(line) for line in lines if line.strip()] for lines in (edit.old, edit.new))
    return not new or old[0] == new[0] or min(map(len, old)) == min(map(len, new))


def _shifts(pairs: Sequence[tuple[str, str]], new: Sequence[str]) -> Iterator[Shift]:
    given, real = pairs[0]
    if real.endswith(given):
        yield partial(_deeper, by=real.removesuffix(given))
    if given.endswith(real):
        yield partial(_shallower, by=given.removesuffix(real))
    for width in WIDTHS:
        yield partial(_spaced, width=width)
        yield partial(_tabbed, width=width)
    if any(len(indent) % 4 for indent in [*(given for given, _ in pairs), *map(indent_of, new)]):
        yield partial(_scaled, times=2, by=1)
    if any(len(real) % 4 for _, real in pairs):
        yield partial(_scaled, times=1, by=2)


def _deeper(indent: str, by: str) -> str:
    return by + indent


def _shallower(indent: str, by: str) -> str | None:
    return indent.removeprefix(by) if indent.startswith(by) else None


def _spaced(indent: str, width: int) -> str | None:
    """Tabs were given for spaces."""
    return indent.replace("\t", " " * width) if "\t" in indent or not indent else None


def _tabbed(indent: str, width: int) -> str | None:
    """Spaces were given for tabs."""
    return "\t" * (len(indent) // width) if not indent.strip(" ") and len(indent) % width == 0 else None


def _scaled(indent: str, times: int, by: int) -> str | None:
    """Steps of two spaces were given for steps of four, or the other way round."""
    return " " * (len(indent) * times // by) if not indent.strip(" ") and len(indent) % by == 0 else None
