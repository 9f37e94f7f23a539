"""Asks the worker, one request at a time, from any event loop; starts it when needed."""

from __future__ import annotations

import itertools
import threading
import weakref
from pathlib import Path
from typing import Any

from .failures import QueryError, WorkerError
from .worker_process import WorkerProcess

SECONDS = 30.0


class WorkerClient:
    """Keeps one worker per state of the project: after an edit the next request gets a fresh one."""

    def __init__(self, root: Path, python: Path, *, seconds: float = SECONDS) -> None:
        self.root, self.python, self.seconds = root, python, seconds
        self.process: WorkerProcess | None = None
        self.started_for = ""
        self.loaded: dict[str, Any] = {}
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()
        self.finalizer: weakref.finalize[Any, Any] | None = None

    async def request(
        self, mark: str, load: dict[str, Any], request: dict[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        """The result of one operation, after `load` ran in a worker started for fingerprint `mark`.

        Raises WorkerError and QueryError. A cancelled request ends the worker.
        """
        import asyncio

        try:
            return await asyncio.to_thread(self.request_now, mark, load, request, seconds)
        except asyncio.CancelledError:
            # The thread waits for a reply: the end of the process is what ends the wait.
            if self.process is not None:
                self.process.kill()
            raise

    def request_now(
        self, mark: str, load: dict[str, Any], request: dict[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        with self.lock:
            if self.process is None or not self.process.alive() or self.started_for != mark:
                self.start(mark, load)
            return self.ask(request, seconds)

    def start(self, mark: str, load: dict[str, Any]) -> None:
        self.stop()
        sources = [self.root / folder for folder in load["roots"]]
        self.process = WorkerProcess(self.python, self.root, sources)
        self.finalizer = weakref.finalize(self, self.process.kill)
        self.started_for = mark
        try:
            self.loaded = self.ask({"op": "load", **{key: value for key, value in load.items() if key != "roots"}})
        except (QueryError, WorkerError) as error:
            self.stop()  # a worker that has not loaded the project must not answer for it
            if isinstance(error, WorkerError):
                error.in_doubt = False  # importing the project is not what was asked
            raise

    def ask(self, request: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        if self.process is None:
            raise WorkerError("the worker was closed while it was asked", "crash")
        number = next(self.numbers)
        reply = self.process.exchange({"id": number, **request}, seconds or self.seconds)
        if reply.get("id") != number:
            self.stop()
            raise WorkerError(f"the worker answered request {reply.get('id')} instead of {number}", "crash")
        if "error" in reply:
            raise as_error(reply["error"])
        result: dict[str, Any] = reply["result"]
        return result

    def stop(self) -> None:
        """End the worker; the next request starts a fresh one."""
        if self.finalizer is not None:
            self.finalizer()
        self.process = self.finalizer = None

    async def close(self) -> None:
        import asyncio

        await asyncio.to_thread(self.stop)


def as_error(error: dict[str, Any]) -> QueryError | WorkerError:
    """The worker's error as ours; the place in the project leads the message."""
    if error["type"] == "request":
        return QueryError(error["message"])
    if error["type"] in ("model", "database"):
        return WorkerError(error["message"], error["type"])
    return WorkerError(failure_sentence(error), "import")


def failure_sentence(error: dict[str, Any]) -> str:
    """ "models/post.py:3: ImportError: cannot import name …"."""
    where = f"{error['where']}: " if error.get("where") else ""
    kind = "" if error["type"] in ("SystemExit", "KeyError") else f"{error['type']}: "
    return f"{where}{kind}{error['message']}"
