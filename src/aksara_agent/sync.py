"""Async code for scripts: one background event loop, so that it also works where a loop already runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def run_sync(coroutine: Coroutine[Any, Any, T]) -> T:
    """Wait for a coroutine on the background loop; Ctrl-C cancels it.

    Always the same loop: clients and subprocesses stay bound to the loop in which they were opened.
    """
    if threading.current_thread() is _thread(_loop()):
        coroutine.close()
        raise RuntimeError("execute_sync was called from the runtime's own loop; await execute instead.")
    future = asyncio.run_coroutine_threadsafe(coroutine, _loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@cache
def _thread(loop: asyncio.AbstractEventLoop) -> threading.Thread:
    thread = threading.Thread(target=loop.run_forever, name="aksara-agent", daemon=True)
    thread.start()
    return thread
