"""One edit: the lines to look for, and what stands in their place afterwards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aksara_agent.errors import ToolRetry

NO_NEWLINE = "\\"  # begins the line of a diff that says so
LINE_END = re.compile(r"\r\n|\r|\n")
ELISION = re.compile(
    r"""\s* (?:\#|//|--|/\*|<!--|\{\#|%) \s* (?:
        (?:\.\.\.|…) (?: \s*(?:\*/|-->|\#\})?\s*$ | .*(?:\.\.\.|…) | .*\b(?:rest|existing|unchanged|same|before)\b )
        | (?:the\s)?(?:rest|remainder)\sof\s(?:the\s)?(?:code|file|class|function|method|module)\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)
OPENS_A_BODY = re.compile(r'.*(:|"""|\'\'\'|,|\(|\[)\s*(#.*)?')


@dataclass(frozen=True, slots=True)
class Edit:
    """``old`` and ``new`` are lines without their ends.

    ``whole_lines`` is for hunks of a diff, which never begin within a line; ``line`` is where the hunk says that it
    stands. ``ends_line``: the searched text ends with its line; ``breaks_line``: only the replacement does.
    ``final_newline``: how a diff wants it.
    """

    path: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    whole_lines: bool = False
    line: int | None = None
    ends_line: bool = False
    breaks_line: bool = False
    everywhere: bool = False
    final_newline: bool | None = None


def search_and_replace(path: str, search: str, replace: str, *, everywhere: bool = False) -> Edit:
    """The edit that puts ``replace`` in the place of ``search``; ``everywhere``: in all its exact places."""
    old, new = split_lines(search.removeprefix("\ufeff")), split_lines(replace.removeprefix("\ufeff"))
    ends, breaks = (text.endswith(("\n", "\r")) for text in (search, replace))
    return Edit(path, old, new, ends_line=ends, breaks_line=breaks and not ends, everywhere=everywhere)


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a text; a last line may have its end or not."""
    lines = LINE_END.split(text)
    return tuple(lines if lines[-1] else lines[:-1])


def refuse_pointless(edit: Edit) -> None:
    """Raises ToolRetry for an edit that cannot mean anything, or would leave something out."""
    if not any(line.strip() for line in edit.old):
        raise ToolRetry(
            "the searched text is empty. Give some lines that stand in the file next to the change; a new file is "
            "made with write_file."
        )
    if edit.old == edit.new and edit.final_newline is None:
        raise ToolRetry("search and replace are the same, so there is nothing to change.")
    for number, line in enumerate(edit.new):
        if line not in edit.old and _leaves_out(number, line, edit):
            raise ToolRetry(
                f"{line.strip()!r} stands for lines that are left out. Write them all: it is taken literally."
            )


def _leaves_out(number: int, line: str, edit: Edit) -> bool:
    """Whether a line says "the rest as before". A bare ... is Python only where a body can begin."""
    if ELISION.match(line):
        return True
    before = next((above for above in reversed(edit.new[:number]) if above.strip()), ":")
    return line.strip() in ("...", "…") and edit.path.endswith(".py") and not OPENS_A_BODY.fullmatch(before)
