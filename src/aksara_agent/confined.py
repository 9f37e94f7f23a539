"""Files by descriptor: how a path is walked from the project's folder without following a link.

A link that is swapped in between check and use gains nothing; resolve-then-open loses that race.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from aksara_agent.errors import ToolFailed, ToolRetry

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
DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


Guard = Callable[[], AbstractContextManager[Any]]


def content(name: str, folder: int, path: str) -> bytes:
    """All bytes of a regular file. Raises ToolRetry for anything else."""
    with opened(name, FILE, folder, path) as file, os.fdopen(os.dup(file), "rb") as stream:
        return stream.read()


def digest(data: bytes) -> str:
    """The SHA-256, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def is_secret(name: str) -> bool:
    """Whether files of this name usually hold credentials."""
    folded = name.casefold()
    return any(fnmatch(folded, p) for p in SECRET_FILES) and folded not in NOT_SECRET


def parts_of(path: str) -> PurePosixPath:
    """The path as clean parts below the project. Raises ToolRetry for any that leads elsewhere."""
    pure = PurePosixPath(path)
    if not pure.parts or pure.is_absolute() or ".." in pure.parts:
        raise ToolRetry(f"{path!r} is not a path inside the project. Give it relative to the project, without '..'.")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in path):
        raise ToolRetry(f"{path!r} has invisible characters in it.")
    if any(part.casefold() in PRIVATE_FOLDERS or is_secret(part) for part in pure.parts):
        raise ToolFailed(f"{path} is private: files with credentials, .git and .aksara are closed to tools.")
    return pure


def step_into(part: str, folder: int, path: str, *, create: bool) -> int:
    """Exchange an open folder for the one named ``part`` in it."""
    try:
        if create:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=folder)
        entered = os.open(part, DIRECTORY, dir_fd=folder)
    except OSError as error:
        raise ToolRetry(f"{path!r} cannot be reached: {part!r} is {why(error)}.") from None
    os.close(folder)
    return entered


@contextmanager
def opened(name: str, flags: int, folder: int, path: str) -> Iterator[int]:
    """An open regular file."""
    try:
        file = os.open(name, flags, dir_fd=folder)
    except OSError as error:
        raise ToolRetry(f"{path!r} cannot be opened: it is {why(error)}.") from None
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise ToolRetry(f"{path!r} is not a regular file.")
        yield file
    finally:
        os.close(file)


def mode_of_existing(name: str, folder: int, path: str) -> int | None:
    """The permissions of the file to be replaced, None when there is none. Refuses links and special files."""
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ToolRetry(f"{path!r} cannot be written: {why(error)}.") from None
    if not stat.S_ISREG(found.st_mode):
        raise ToolRetry(f"{path!r} is not a regular file and will not be replaced.")
    if found.st_nlink > 1:
        raise ToolFailed(f"{path!r} is hard-linked to another place and will not be replaced.")
    return stat.S_IMODE(found.st_mode)


def replace(name: str, folder: int, data: bytes, mode: int, guard: Guard = nullcontext) -> None:
    """Write the whole file with these bytes, atomically."""
    replace_with(name, folder, digest(data), lambda stream: stream.write(data), mode, guard)


def replace_with(
    name: str, folder: int, mark: str, fill: Callable[[BinaryIO], Any], mode: int, guard: Guard = nullcontext
) -> None:
    """Write beside the target and rename over it, both durable before we say it is done.

    The rename, which is the effect, happens inside ``guard``. The temporary name follows from ``mark``, a digest of
    what is written, so that a write which is repeated after a crash clears away what the first one left.
    """
    temporary = temporary_name(name, mark)
    with suppress(FileNotFoundError):
        os.unlink(temporary, dir_fd=folder)
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(file, "wb") as stream:
            fill(stream)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        with guard():
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise


def temporary_name(name: str, after_hash: str) -> str:
    """Follows from what is written where, so that after a crash the journal tells what was left."""
    return f".aksara-{digest(f'{name}{after_hash}'.encode())[:16]}.tmp"


SKIPPED = {"__pycache__", "node_modules", "venv", "site-packages", "build", "dist"}


def is_skipped(folder: Path) -> bool:
    """Whether a folder holds what no developer wrote."""
    return folder.name.startswith(".") or folder.name in SKIPPED or (folder / "pyvenv.cfg").exists()


def why(error: OSError) -> str:
    """The reason in words: opening a link without following it fails with ELOOP or ENOTDIR."""
    reasons = {errno.ENOENT: "missing", errno.ELOOP: "a symbolic link", errno.ENOTDIR: "not a directory (or a link)"}
    return reasons.get(error.errno or 0, (error.strerror or str(error)).lower())
