"""The project's files as tools may see them: nothing outside, no secrets, no half-written file.

Every path is walked from the project's directory descriptor without following links, so a link that is
swapped in between check and use gains nothing (resolve-then-open loses that race).
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from aksara_agent.errors import ToolFailed, ToolRetry
from aksara_agent.journal import FileChange
from aksara_agent.results import Change

MAX_FILE_BYTES = 2_000_000
SECRET_FILES = (
    ".env",
    ".env.*",
    "*.pem",
    "*.key",
    "id_rsa*",
    "id_ed25519*",
    ".netrc",
    ".pypirc",
    ".npmrc",
    "*.p12",
    "*.pfx",
)
NOT_SECRET = (".env.example", ".env.sample", ".env.template")
PRIVATE_FOLDERS = (".git", ".aksara")
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Workspace:
    """Reads and writes below ``root`` and remembers what it changed in ``changes``.

    ``before_change`` hears of each change before it happens, with all that undo needs.
    """

    def __init__(self, root: Path, before_change: Callable[[FileChange], None] | None = None) -> None:
        self.root = root
        self.changes: list[Change] = []
        self._before_change = before_change or _nobody

    def read(self, path: str) -> str:
        """The text of a file. Raises ToolRetry for a path that cannot be read, ToolFailed for binary content."""
        with self._folder_of(path) as (folder, name), _opened(name, _FILE, folder, path) as file:
            data = os.read(file, MAX_FILE_BYTES + 1)
            while len(data) <= MAX_FILE_BYTES and (more := os.read(file, MAX_FILE_BYTES + 1 - len(data))):
                data += more
        if len(data) > MAX_FILE_BYTES:
            raise ToolFailed(f"{path} is larger than {MAX_FILE_BYTES:,} bytes.")
        if b"\0" in data[:8000]:
            raise ToolFailed(f"{path} is a binary file.")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ToolFailed(f"{path} is not UTF-8 text: byte {error.start} cannot be decoded.") from None

    def exists(self, path: str) -> bool:
        """Whether a regular file of the project stands there."""
        try:
            with self._folder_of(path) as (folder, name), _opened(name, _FILE, folder, path):
                return True
        except ToolRetry:
            return False

    def write(self, path: str, text: str) -> Change:
        """Write the whole file, atomically: readers see the old text or the new, never half of it."""
        return self.write_bytes(path, _encoded(path, text))

    def write_bytes(self, path: str, data: bytes, *, mode: int | None = None) -> Change:
        """``write`` for bytes, with the permissions to give; without, those of the file that is replaced."""
        with self._folder_of(path, create=True) as (folder, name):
            existing = _mode_of_existing(name, folder, path)
            self._before_change(_planned(_parts(path).as_posix(), name, folder, existing, data))
            mode = existing if mode is None else mode
            try:
                _replace(name, folder, data, 0o644 if mode is None else mode)
            except OSError as error:
                raise ToolFailed(f"{path} cannot be written: {_why(error)}.") from None
        change: Change = {"kind": "created" if existing is None else "modified", "path": _parts(path).as_posix()}
        self.changes.append(change)
        return change

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file as it is now; None when there is none."""
        try:
            with self._folder_of(path) as (folder, name):
                return _digest(_bytes(name, folder))
        except (ToolRetry, FileNotFoundError):
            return None

    def delete(self, path: str) -> None:
        """Remove a file. Only undo does: tools have no way to it."""
        with self._folder_of(path) as (folder, name):
            os.unlink(name, dir_fd=folder)
            os.fsync(folder)

    def files(self, pattern: str = "*") -> Iterator[str]:
        """The readable files of the project that match a glob on their path or name, sorted, without secrets."""
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(f for f in folders if not _is_skipped(Path(folder, f)))
            for name in sorted(names):
                relative = Path(folder, name).relative_to(self.root).as_posix()
                if (fnmatch(relative, pattern) or fnmatch(name, pattern)) and not is_secret(name):
                    yield relative

    @contextmanager
    def _folder_of(self, path: str, *, create: bool = False) -> Iterator[tuple[int, str]]:
        """The open folder of a path and the path's last name."""
        parts = _parts(path).parts
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for part in parts[:-1]:
                folder = _step_into(part, folder, path, create=create)
            yield folder, parts[-1]
        finally:
            os.close(folder)


def _nobody(change: FileChange) -> None:
    """Whom a workspace tells when nobody listens."""


def _planned(path: str, name: str, folder: int, existing: int | None, data: bytes) -> FileChange:
    """The change that is about to happen."""
    if existing is None:
        return FileChange("created", path, None, _digest(data))
    before = _bytes(name, folder)
    return FileChange("modified", path, _digest(before), _digest(data), before, existing)


def _bytes(name: str, folder: int) -> bytes:
    with os.fdopen(os.open(name, _FILE, dir_fd=folder), "rb") as file:
        return file.read()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_secret(name: str) -> bool:
    """Whether files of this name usually hold credentials."""
    folded = name.casefold()
    return any(fnmatch(folded, p) for p in SECRET_FILES) and folded not in NOT_SECRET


def lines_of(text: str) -> list[str]:
    """The lines as Python and editors count them: str.splitlines also breaks at form feeds and U+2028."""
    lines = re.split(r"\r\n|\r|\n", text)
    return lines if lines[-1] else lines[:-1]


def _parts(path: str) -> PurePosixPath:
    """The path as clean parts below the project. Raises ToolRetry for any that leads elsewhere."""
    pure = PurePosixPath(path)
    if not pure.parts or pure.is_absolute() or ".." in pure.parts:
        raise ToolRetry(f"{path!r} is not a path inside the project. Give it relative to the project, without '..'.")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in path):
        raise ToolRetry(f"{path!r} has invisible characters in it.")
    if any(part.casefold() in PRIVATE_FOLDERS or is_secret(part) for part in pure.parts):
        raise ToolFailed(f"{path} is private: files with credentials, .git and .aksara are closed to tools.")
    return pure


def _encoded(path: str, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        broken = text[error.start]
        raise ToolRetry(f"{path} is not written: character {error.start} is half of a pair: {broken!r}.") from None


def _step_into(part: str, folder: int, path: str, *, create: bool) -> int:
    """Exchange an open folder for the one named ``part`` in it."""
    try:
        if create:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=folder)
        entered = os.open(part, _DIRECTORY, dir_fd=folder)
    except OSError as error:
        raise ToolRetry(f"{path!r} cannot be reached: {part!r} is {_why(error)}.") from None
    os.close(folder)
    return entered


@contextmanager
def _opened(name: str, flags: int, folder: int, path: str) -> Iterator[int]:
    """An open regular file."""
    try:
        file = os.open(name, flags, dir_fd=folder)
    except OSError as error:
        raise ToolRetry(f"{path!r} cannot be opened: it is {_why(error)}.") from None
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise ToolRetry(f"{path!r} is not a regular file.")
        yield file
    finally:
        os.close(file)


def _mode_of_existing(name: str, folder: int, path: str) -> int | None:
    """The permissions of the file to be replaced, None when there is none. Refuses links and special files."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ToolRetry(f"{path!r} cannot be written: {_why(error)}.") from None
    if not stat.S_ISREG(found.st_mode):
        raise ToolRetry(f"{path!r} is not a regular file and will not be replaced.")
    if found.st_nlink > 1:
        raise ToolFailed(f"{path!r} is hard-linked to another place and will not be replaced.")
    return stat.S_IMODE(found.st_mode)


def _replace(name: str, folder: int, data: bytes, mode: int) -> None:
    """Write beside the target and rename over it, both durable before we say it is done."""
    temporary = f".aksara-{secrets.token_hex(6)}.tmp"
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise


_SKIPPED = {"__pycache__", "node_modules", "venv", "site-packages", "build", "dist"}


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith(".") or folder.name in _SKIPPED or (folder / "pyvenv.cfg").exists()


def _why(error: OSError) -> str:
    """The reason in words: opening a link without following it fails with ELOOP or ENOTDIR."""
    reasons = {errno.ENOENT: "missing", errno.ELOOP: "a symbolic link", errno.ENOTDIR: "not a directory (or a link)"}
    return reasons.get(error.errno or 0, (error.strerror or str(error)).lower())
