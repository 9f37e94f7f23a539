"""How anything that goes wrong becomes one JSON-able error: type, message, and where in the project."""

from __future__ import annotations

import os
import traceback
from typing import Any


class RequestError(Exception):
    """The request cannot be answered as asked; the message says what is valid instead."""

    def __init__(self, message: str, kind: str = "request") -> None:
        super().__init__(message)
        self.kind = kind


def describe_failure(error: BaseException, root: str) -> dict[str, Any]:
    """The error as data; `where` is "file:line" of the innermost frame inside the project, or None."""
    if isinstance(error, RequestError):
        return {"type": error.kind, "message": str(error), "where": None}
    return {
        "type": type(error).__name__,
        "message": message_of(error),
        "where": where_in_project(error, root),
    }


def message_of(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "the project called sys.exit({!r})".format("" if error.code is None else error.code)
    if isinstance(error, KeyError):
        return missing_key(error)
    if isinstance(error, SyntaxError):
        return error.msg or "syntax error"
    text = str(error).split("\n(Background on this error")[0]
    return text.strip() or type(error).__name__


def missing_key(error: KeyError) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    if frames and frames[-1].filename in (os.__file__, "<frozen os>") and frames[-1].name == "__getitem__":
        return "the environment variable {} is not set: set it where you start the agent".format(error.args[0])
    return "KeyError: " + str(error)


def where_in_project(error: BaseException, root: str) -> str | None:
    if isinstance(error, SyntaxError) and error.filename:
        return project_place(error.filename, error.lineno or 1, root)
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        place = project_place(frame.filename, frame.lineno or 1, root)
        if place:
            return place
    return None


def project_place(filename: str, line: int, root: str) -> str | None:
    """ "models/post.py:14", or None for a file outside the project or in an installed package, and for none at all."""
    if filename.startswith("<"):  # <frozen os>, <string>
        return None
    path = os.path.realpath(filename)
    start = os.path.realpath(root) + os.sep
    if not path.startswith(start) or "site-packages" in path:
        return None
    return "{}:{}".format(path[len(start) :].replace(os.sep, "/"), line)
