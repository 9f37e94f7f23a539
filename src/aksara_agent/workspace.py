"""The project's files as tools may see them: nothing outside, no secrets, no half-written file."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

from aksara_agent import confined
from aksara_agent.confined import FILE, Guard, is_secret, opened, parts_of
from aksara_agent.errors import ToolError, ToolFailed, ToolRetry
from aksara_agent.journal import FileChange
from aksara_agent.results import Change

MAX_FILE_BYTES = 2_000_000
MAX_REPLACED_BYTES = 20_000_000


class Workspace:
    """Reads and writes below ``root`` and remembers what it changed in ``changes``.

    ``before_change`` hears of each change before it happens, with all that undo needs; the change itself happens
    inside ``guard``.
    """

    def __init__(
        self, root: Path, before_change: Callable[[FileChange], None] | None = None, guard: Guard = nullcontext
    ) -> None:
        self.root, self._guard = root, guard
        self.changes: list[Change] = []
        self._closed, self._landing = False, threading.Lock()
        self._before_change = before_change or _nobody

    def read(self, path: str) -> str:
        """The text of a file. Raises ToolRetry for a path that cannot be read, ToolFailed for binary content."""
        data = self.read_bytes(path)
        if b"\0" in data[:8000]:
            raise ToolFailed(f"{path} is a binary file.")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ToolFailed(f"{path} is not UTF-8 text: byte {error.start} cannot be decoded.") from None

    def read_bytes(self, path: str) -> bytes:
        """All bytes of a file. Raises ToolRetry for a path that cannot be read, ToolFailed for too many."""
        with self._folder_of(path) as (folder, name), opened(name, FILE, folder, path) as file:
            data = os.read(file, MAX_FILE_BYTES + 1)
            while len(data) <= MAX_FILE_BYTES and (more := os.read(file, MAX_FILE_BYTES + 1 - len(data))):
                data += more
        if len(data) > MAX_FILE_BYTES:
            raise ToolFailed(f"{path} is larger than {MAX_FILE_BYTES:,} bytes.")
        return data

    def exists(self, path: str) -> bool:
        """Whether a regular file of the project stands there."""
        try:
            with self._folder_of(path) as (folder, name), opened(name, FILE, folder, path):
                return True
        except ToolError:
            return False

    def write(self, path: str, text: str) -> Change:
        """Write the whole file, atomically: readers see the old text or the new, never half of it."""
        return self.write_bytes(path, _encoded(path, text))

    def write_bytes(self, path: str, data: bytes, *, mode: int | None = None, expected: bytes | None = None) -> Change:
        """``write`` for bytes, with the permissions to give; without, those of the file that is replaced.

        Raises ToolRetry when the file does not hold the ``expected`` bytes.
        """
        self._refuse_when_closed(path)
        with self._folder_of(path, create=True) as (folder, name):
            existing = confined.mode_of_existing(name, folder, path)
            planned = _planned(parts_of(path).as_posix(), name, folder, existing, data)
            if expected is not None and planned.before != expected:
                raise ToolRetry(f"{path} has changed since it was read. Read it again.")
            self._before_change(planned)
            mode = existing if mode is None else mode
            change: Change = {"kind": "created" if existing is None else "modified", "path": parts_of(path).as_posix()}
            try:
                confined.replace(name, folder, data, 0o644 if mode is None else mode, lambda: self._lands(change))
            except OSError as error:
                raise ToolFailed(f"{path} cannot be written: {confined.why(error)}.") from None
        return change

    def refuse_changed(self, path: str, expected: bytes) -> None:
        """Raises ToolError for a file that holds other bytes, or may not be replaced, as one that is read-only."""
        with self._folder_of(path) as (folder, name):
            mode = confined.mode_of_existing(name, folder, path)
            if mode is not None and not mode & stat.S_IWUSR:
                raise ToolFailed(f"{path} is read-only and was not changed. Ask the user to make it writable.")
            if confined.content(name, folder, path) != expected:
                raise ToolRetry(f"{path} has changed since it was read. Read it again.")

    def replace_all(self, files: Sequence[tuple[str, bytes, bytes]]) -> None:
        """Replace files that were read: (path, bytes before, bytes after) each. All of them, or none."""
        for path, before, _ in files:
            self.refuse_changed(path, before)
        known, written = len(self.changes), []
        try:
            for path, before, after in files:
                self.write_bytes(path, after, expected=before)
                written.append((path, before, after))
        except ToolError:
            for path, before, after in reversed(written):
                self.write_bytes(path, before, expected=after)
            del self.changes[known:]
            raise

    def close(self) -> None:
        """Let no further change land: the call that this workspace was for has been given up."""
        with self._landing:
            self._closed = True

    @contextmanager
    def _lands(self, change: Change) -> Iterator[None]:
        """Around the moment in which a change becomes real: it is either before ``close`` or not at all."""
        with self._landing, self._guard():
            self._refuse_when_closed(change["path"])
            yield
            self.changes.append(change)

    def _refuse_when_closed(self, path: str) -> None:
        if self._closed:
            raise ToolFailed(f"{path} is not written: the call has been given up.")

    def take_in(self, path: str, source: Path) -> Change:
        """Copy a finished file from outside of the project there, atomically, and never much of it in memory."""
        self._refuse_when_closed(path)
        change: Change = {"kind": "exported", "path": parts_of(path).as_posix()}
        with self._folder_of(path, create=True) as (folder, name), source.open("rb") as content:
            existing = confined.mode_of_existing(name, folder, path)
            if existing is not None and os.stat(name, dir_fd=folder).st_size > MAX_REPLACED_BYTES:
                raise ToolRetry(f"{path} exists and is too large to be kept for undo. Choose another name.")
            after = hashlib.file_digest(content, "sha256").hexdigest()
            self._before_change(_exported(parts_of(path).as_posix(), name, folder, existing, after))
            content.seek(0)
            try:
                copy = partial(shutil.copyfileobj, content)
                mode = 0o644 if existing is None else existing
                confined.replace_with(name, folder, after, copy, mode, lambda: self._lands(change))
            except OSError as error:
                raise ToolFailed(f"{path} cannot be written: {confined.why(error)}.") from None
        return change

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file as it is now; None where nothing stands, "no file" where something else does."""
        try:
            with self._folder_of(path) as (folder, name):
                return confined.digest(confined.content(name, folder, path))
        except ToolRetry:
            return "no file" if os.path.lexists(self.root / path) else None

    def sweep(self, change: FileChange) -> None:
        """Remove what a write that was killed in the middle has left beside its file."""
        with suppress(ToolError, OSError), self._folder_of(change.path) as (folder, name):
            os.unlink(confined.temporary_name(name, change.after_hash or ""), dir_fd=folder)

    def delete(self, path: str) -> None:
        """Remove a file. Only undo does: tools have no way to it."""
        with self._folder_of(path) as (folder, name):
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    def files(self, pattern: str = "*") -> Iterator[str]:
        """The readable files of the project that match a glob on their path or name, sorted, without secrets."""
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(f for f in folders if not confined.is_skipped(Path(folder, f)))
            for name in sorted(names):
                relative = Path(folder, name).relative_to(self.root).as_posix()
                if (fnmatch(relative, pattern) or fnmatch(name, pattern)) and not is_secret(name):
                    yield relative

    @contextmanager
    def _folder_of(self, path: str, *, create: bool = False) -> Iterator[tuple[int, str]]:
        """The open folder of a path and the path's last name."""
        parts = parts_of(path).parts
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in parts[:-1]:
                folder = confined.step_into(part, folder, path, create=create)
            yield folder, parts[-1]
        finally:
            os.close(folder)


def _nobody(change: FileChange) -> None:
    """Whom a workspace tells when nobody listens."""


def _planned(path: str, name: str, folder: int, existing: int | None, data: bytes) -> FileChange:
    """The change that is about to happen."""
    if existing is None:
        return FileChange("created", path, None, confined.digest(data))
    before = confined.content(name, folder, path)
    return FileChange("modified", path, confined.digest(before), confined.digest(data), before, existing)


def _exported(path: str, name: str, folder: int, existing: int | None, after: str) -> FileChange:
    """The export that is about to land."""
    before = None if existing is None else confined.content(name, folder, path)
    return FileChange("exported", path, None if before is None else confined.digest(before), after, before, existing)


def _encoded(path: str, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        broken = text[error.start]
        raise ToolRetry(f"{path} is not written: character {error.start} is half of a pair: {broken!r}.") from None


def lines_of(text: str) -> list[str]:
    """The lines as Python and editors count them: str.splitlines also breaks at form feeds and U+2028."""
    lines = re.split(r"\r\n|\r|\n", text)
    return lines if lines[-1] else lines[:-1]
