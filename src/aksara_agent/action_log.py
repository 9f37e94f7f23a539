"""The action log: the events of runs as JSON lines, without secrets."""

from __future__ import annotations

import errno
import json
import os
import re
import warnings
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic_core import to_jsonable_python

from aksara_agent.events import AnyEvent, Complete, Thinking
from aksara_agent.redaction import Redactor
from aksara_agent.store.store import make_private

# Of the result the actions have lines of their own, and the answer is the model's text.
OF_RESULT = (
    "success", "stop_reason", "error", "session_id", "iterations", "duration_ms", "usage",
    "created_files", "modified_files", "output_file",
)  # fmt: skip
APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
# Control characters act on a terminal, two separators look like ends of lines, half characters are no UTF-8.
UNSAFE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class ActionLog:
    """Appends one line for each event. What the model said is kept only with ``reasoning``, a line for each cycle.

    A line is one ``write`` to a file that is opened for it, so that processes can share the file, and it can be moved
    away at any time. What goes wrong with it is warned of once, and ends no run.
    """

    def __init__(self, path: Path, redactor: Redactor, *, reasoning: bool = False) -> None:
        self.path, self._redactor, self._reasoning = path, redactor, reasoning
        self._thoughts: dict[str, list[Thinking]] = {}
        self._warned = False

    def write(self, event: AnyEvent) -> None:
        """Append the event, after what the model had said before it."""
        if not isinstance(event, Thinking):
            self._end_thought(event.run_id)
            self._append(event, _data(event))
        elif self._reasoning:
            thought = self._thoughts.get(event.run_id)
            if thought and thought[0].iteration != event.iteration:
                self._end_thought(event.run_id)
            self._thoughts.setdefault(event.run_id, []).append(event)

    def close(self) -> None:
        """Append what the model had said last, when its run was given up."""
        for run_id in list(self._thoughts):
            self._end_thought(run_id)

    def _end_thought(self, run_id: str) -> None:
        """One line for a whole thought: a secret can go over several tokens."""
        if thought := self._thoughts.pop(run_id, None):
            self._append(thought[0], {"content": "".join(piece.content for piece in thought)})

    def _append(self, event: AnyEvent, data: dict[str, Any]) -> None:
        try:
            line = self._line(event, {name: _plain(value) for name, value in data.items()})
        except Exception as error:  # the log is told more than it can hold, such as data nested without end
            line = self._line(event, {"not_logged": type(error).__name__})
        try:
            self._write(line)
        except OSError as error:
            if not self._warned:
                self._warned = True
                why = error.strerror or str(error)
                warnings.warn(
                    f"The action log {self.path} cannot be written: {why}. Runs go on; make room or make it writable.",
                    RuntimeWarning,
                    stacklevel=3,
                )

    def _line(self, event: AnyEvent, data: dict[str, Any]) -> bytes:
        time = datetime.fromtimestamp(event.time, UTC).isoformat(timespec="milliseconds")
        head = {"time": time, "run_id": event.run_id, "iteration": event.iteration, "type": event.type}
        text = _dumps(self._redactor.hide_data({**head, **data}))
        if "NaN" in text or "Infinity" in text:  # no JSON, unless inside of a text
            text = _dumps(json.loads(text, parse_constant=str))
        return (UNSAFE.sub(_escape, text) + "\n").encode()

    def _write(self, line: bytes) -> None:
        if not self.path.parent.exists():
            make_private(self.path.parent)
        file = os.open(self.path, APPEND, 0o600)
        try:
            written = os.write(file, line)
            if written < len(line):
                _take_back(file, written)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(file)


def _data(event: AnyEvent) -> dict[str, Any]:
    """What the event has to tell. Not its ``to_dict``, which copies every result and fails for what has no copy."""
    if isinstance(event, Complete):
        return {name: getattr(event.result, name) for name in OF_RESULT}
    return {field.name: getattr(event, field.name) for field in fields(event) if field.name not in ("run_id", "time")}


def _plain(value: Any) -> Any:
    """The value as JSON-able data; what has no JSON form becomes its text."""
    try:
        return to_jsonable_python(value, bytes_mode="base64", fallback=str)
    except Exception:
        with suppress(Exception):
            return repr(value)
        return f"<{type(value).__name__}>"


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _escape(found: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= found[0] <= "\udfff" else f"\\u{ord(found[0]):04x}"


def _take_back(file: int, written: int) -> None:
    """Remove the piece of a line that a full disk had room for, unless another process has written after it."""
    end = os.lseek(file, 0, os.SEEK_CUR)
    if os.fstat(file).st_size == end:
        os.ftruncate(file, end - written)
