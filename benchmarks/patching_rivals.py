"""Other libraries that apply patches, each behind the same function."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from outcome import Patcher, diff_of
from slips import Case


def diff_match_patch() -> Patcher | None:
    """Google's library: a fuzzy patch of characters near the place that the line number states."""
    try:
        from diff_match_patch import diff_match_patch as Library
    except ImportError:
        return None
    library = Library()

    def patcher(path: str, data: bytes, case: Case) -> bytes | None:
        text = data.decode()
        old, new = ("".join(line + case.line_end for line in lines) for lines in (case.old, case.new))
        offset = sum(len(line) + len(case.line_end) for line in case.file[: case.line - 1])
        patches = library.patch_make(old, new)
        for patch in patches:
            patch.start1, patch.start2 = patch.start1 + offset, patch.start2 + offset
        after, applied = library.patch_apply(patches, text)
        return after.encode() if all(applied) else None

    return patcher


def patch_ng() -> Patcher | None:
    """The maintained fork of python-patch, as Conan uses it; it works on files."""
    try:
        import patch_ng as library
    except ImportError:
        return None
    logging.getLogger("patch_ng").setLevel(logging.CRITICAL)

    def patcher(path: str, data: bytes, case: Case) -> bytes | None:
        patches = library.fromstring(diff_of("file", case).encode())
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "file")
            file.write_bytes(data)
            done = patches and patches.apply(root=folder)
            return file.read_bytes() if done else None

    return patcher


def whatthepatch() -> Patcher | None:
    """A parser of many formats that also applies them."""
    try:
        import whatthepatch as library
    except ImportError:
        return None

    def patcher(path: str, data: bytes, case: Case) -> bytes | None:
        lines = data.decode().split(case.line_end)
        try:
            [parsed] = library.parse_patch(diff_of("file", case))
            return case.line_end.join(library.apply_diff(parsed, lines)).encode()
        except Exception:  # it refuses with exceptions of several kinds
            return None

    return patcher


RIVALS: dict[str, Callable[[], Patcher | None]] = {
    "diff-match-patch": diff_match_patch,
    "patch-ng": patch_ng,
    "whatthepatch": whatthepatch,
}
