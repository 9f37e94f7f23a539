"""Reads requests, one JSON object a line, and answers each with a result or an error."""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from typing import Any, BinaryIO

from .failures import RequestError, describe_failure
from .operations import Loaded, operations_for


def serve(requests: int, replies: int) -> None:
    """Answer until the other side closes its pipe."""
    waiting: queue.Queue[bytes] = queue.Queue()
    source = os.fdopen(requests, "rb")
    # A thread reads, so that the end of the parent is noticed even while the project hangs in an import.
    threading.Thread(target=read_requests, args=(source, waiting), daemon=True).start()
    loaded = Loaded(root=os.getcwd())
    with os.fdopen(replies, "wb") as out:
        while True:
            reply = answer(loaded, json.loads(waiting.get().decode("utf-8")))
            out.write(json.dumps(reply).encode("ascii") + b"\n")
            out.flush()


def read_requests(source: BinaryIO, waiting: queue.Queue[bytes]) -> None:
    for line in iter(source.readline, b""):
        waiting.put(line)
    end()


def end() -> None:
    """The parent is gone: end at once, with every process the project may have started in our group."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(0)


def answer(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    try:
        operations = operations_for(loaded, request)
        operation = operations.get(request["op"])
        if operation is None:
            raise RequestError("unknown operation {!r}; known: {}".format(request["op"], sorted(operations)))
        return {"id": request["id"], "result": operation(loaded, request)}
    except BaseException as error:  # a project may raise SystemExit: the worker must outlive it
        return {"id": request["id"], "error": describe_failure(error, loaded.root)}
