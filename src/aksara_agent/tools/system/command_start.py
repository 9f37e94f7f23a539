"""What a command starts with, and why it could not start."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

HANDED_ON = (  # no name here may hold a secret
    *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ"),
    *("LANG", "LANGUAGE", "LC_*", "TERM", "COLUMNS", "LINES", "NO_COLOR"),
    *("PYTHONUTF8", "PYTHONIOENCODING", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
)


def environment(python: Path) -> dict[str, str]:
    """The harmless part of ours, with the project's own interpreter and its tools first on PATH."""
    env = {name: value for name, value in os.environ.items() if any(fnmatchcase(name, p) for p in HANDED_ON)}
    env["PATH"] = os.pathsep.join([str(python.parent), env.get("PATH", os.defpath)])
    if (python.parent.parent / "pyvenv.cfg").is_file():
        env["VIRTUAL_ENV"] = str(python.parent.parent)
    return env


def why_not_started(command: Sequence[str] | str, error: OSError | ValueError, path: str) -> str:
    """The reason in words for the model, with what to give instead."""
    program = "sh" if isinstance(command, str) else command[0]
    if isinstance(error, ValueError):
        return f"{command!r} cannot be run: {error}."
    if error.errno == errno.ENOENT:
        return _missing(program, path)
    if error.errno in (errno.EACCES, errno.ENOEXEC):
        return (
            f"{program!r} is not an executable program. A script is run by its interpreter, "
            f'e.g. ["python", "{program}"].'
        )
    return f"{program!r} cannot be run: {(error.strerror or str(error)).lower()}."


def _missing(program: str, path: str) -> str:
    words = program.split()
    if len(words) > 1:
        listed = ", ".join(f'"{word}"' for word in words)
        return f"There is no program {program!r}. Give program and arguments apart: [{listed}]; or use shell_command."
    if "/" in program:
        return f"There is no program {program!r}, or the interpreter in its first line is missing."
    close = get_close_matches(program, _programs(path), n=3, cutoff=0.6)
    hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
    return f"There is no program {program!r} on PATH.{hint}"


def _programs(path: str) -> set[str]:
    """The names in the folders of PATH."""
    names: set[str] = set()
    for folder in path.split(os.pathsep):
        with suppress(OSError):  # PATH may name folders that are missing or closed to us
            names.update(os.listdir(folder))  # noqa: PTH208 - names are all we need
    return names
