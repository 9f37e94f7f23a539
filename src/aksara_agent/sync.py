"""Async code for scripts: one background event loop, so that it also works where a loop already runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
SECONDS_TO_CLEAN_UP = 5.0  # after Ctrl-C, for a run to give its session back


def run_sync(coroutine: Coroutine[Any, Any, T]) -> T:
    """Wait for a coroutine on the background loop; Ctrl-C cancels it.

    Always the same loop: clients and subprocesses stay bound to the loop in which they were opened.
    """
    if threading.current_thread() is _thread(_loop()):
        coroutine.close()
        raise RuntimeError("execute_sync was called from the runtime's own loop; await execute instead.")
    finished = threading.Event()
    future = asyncio.run_coroutine_threadsafe(_announced(coroutine, finished), _loop())
    try:
        return future.result()
    except KeyboardInterrupt:
        future.cancel()
        finished.wait(SECONDS_TO_CLEAN_UP)
        raise


async def _announced(coroutine: Coroutine[Any, Any, T], finished: threading.Event) -> T:
    """The coroutine, and word of its end, also of a cancelled one's."""
    try:
        return await coroutine
    finally:
        finished.set()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


@cache
def _thread(loop: asyncio.AbstractEventLoop) -> threading.Thread:
    thread = threading.Thread(target=loop.run_forever, name="aksara-agent", daemon=True)
    thread.start()
    return thread
