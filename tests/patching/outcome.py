"""What patching makes of a case: ok, refused or wrong."""

from __future__ import annotations

import difflib
import random
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from real_hunks import Hunk
from slips import Case, Slip

from aksara_agent.errors import ToolError
from aksara_agent.patching import edits_of, patch, search_and_replace

Outcome = Literal["ok", "refused", "wrong"]
Patcher = Callable[[str, bytes, Case], bytes | None]  # None: refused


def cases_of(slip: Slip, hunks: Iterable[Hunk]) -> Iterator[tuple[Hunk, Case]]:
    """The slip done to every hunk to which it can be done, each time in the same way."""
    for hunk in hunks:
        chance = random.Random(zlib.crc32(f"{slip.__name__} {hunk.path} {hunk.at} {hunk.old}".encode()))
        if case := slip(hunk, chance):
            yield hunk, case


def judged(patcher: Patcher, path: str, case: Case) -> Outcome:
    """The outcome by bytes; a file left as it was is a refusal, whatever the patcher says."""
    before = case.line_end.join(case.file).encode()
    after = patcher(path, before, case)
    if after is None or after == before:
        return "refused"
    return "ok" if case.expected is not None and after == case.line_end.join(case.expected).encode() else "wrong"


def by_search(path: str, data: bytes, case: Case) -> bytes | None:
    """Ours, as search and replace."""
    edit = search_and_replace(path, _text(case.old), _text(case.new))
    try:
        return patch(path, data, [edit]).after
    except ToolError:
        return None


def by_diff(path: str, data: bytes, case: Case) -> bytes | None:
    """Ours, as a unified diff."""
    try:
        return patch(path, data, edits_of(diff_of(path, case))).after
    except ToolError:
        return None


def diff_of(path: str, case: Case) -> str:
    """The case as a unified diff of one hunk."""
    body = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, case.old, case.new, autojunk=False).get_opcodes():
        if tag == "equal":
            body += [f" {line}" for line in case.old[i1:i2]]
        else:
            body += [f"-{line}" for line in case.old[i1:i2]] + [f"+{line}" for line in case.new[j1:j2]]
    header = f"@@ -{case.line},{len(case.old)} +{case.line},{len(case.new)} @@"
    return "\n".join([f"--- a/{path}", f"+++ b/{path}", header, *body]) + "\n"


def _text(lines: tuple[str, ...]) -> str:
    return "".join(f"{line}\n" for line in lines)
