"""Imports the project's settings module in a process of the project's own interpreter."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from aksara_agent.errors import ConfigurationError
from aksara_agent.project.files import fingerprint, python_files
from aksara_agent.project.interpreter import find_interpreter
from aksara_agent.project.worker_process import BOOT
from aksara_agent.settings.find import SettingsModule
from aksara_agent.settings.words import one_line

CHILD = Path(__file__).with_name("child.py")
SECONDS = 20.0
GRACE = 2.0  # the child's own clock knows the line it hangs in, so it goes first


class ImportFailed(Exception):
    """The module cannot be imported; the text begins with file and line."""


def import_section(root: Path, module: SettingsModule, place: str) -> Any:
    """The section as the imported module has it; imported anew when a Python file or the environment changed.

    Raises ImportFailed, and ConfigurationError for a value that JSON cannot hold.
    """
    code, environment = fingerprint(root, python_files(root)), hash(frozenset(os.environ.items()))
    return _imported(root, module, place, SECONDS, code, environment)


@lru_cache(maxsize=16)
def _imported(root: Path, module: SettingsModule, place: str, seconds: float, code: str, environment: int) -> Any:
    answer = _ask(root, module, place, seconds)
    if "refused" in answer:
        raise ConfigurationError(one_line(answer["refused"]))
    if "error" in answer:
        raise ImportFailed(_sentence(answer["error"], module, seconds))
    return answer["section"]


def _ask(root: Path, module: SettingsModule, place: str, seconds: float) -> dict[str, Any]:
    """Run the child and read its one line. Its process group never outlives the call."""
    python = find_interpreter(root)
    command = [str(python), str(CHILD), str(BOOT), module.name, place, str(seconds)]
    try:
        process = subprocess.Popen(  # noqa: S603 - the project's own interpreter
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ImportFailed(f"{python} cannot be started: {error}") from None
    with process:
        try:
            line = _line(process, time.monotonic() + seconds + GRACE)
        except TimeoutError:
            return {"error": {"type": "timeout", "where": None}}
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # before it is waited for, so the number is still its own
    return json.loads(line) if line else {"error": _crash(process.returncode)}


def _line(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """The line that the child answers with; nothing when it ends without. Raises TimeoutError."""
    assert process.stdout is not None
    pipe, read = process.stdout.fileno(), b""
    poll = select.poll()  # select() cannot watch descriptors above 1023
    poll.register(pipe, select.POLLIN)
    while not read.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if poll.poll(left * 1000):
            chunk = os.read(pipe, 1 << 20)
            if not chunk:
                return b""
            read += chunk
    return read


def _crash(code: int) -> dict[str, Any]:
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return {"type": "crash", "where": None, "message": f"the interpreter ended with {how}"}


def _sentence(error: dict[str, Any], module: SettingsModule, seconds: float) -> str:
    """ "settings.py:12: KeyError: 'REGION'", whatever went wrong."""
    where = error["where"] or module.path
    if error["type"] == "timeout":
        return f"{where}: importing took longer than {seconds:g} s and was stopped"
    kind = "" if error["type"] == "crash" or error["message"].startswith(error["type"]) else f"{error['type']}: "
    return one_line(f"{where}: {kind}{error['message']}")
