"""Running a tool's code so that a time limit really ends the wait, whatever that code does."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
GRACE_SECONDS = 2.0  # for a coroutine that was cancelled to clean up


class Overdue(Exception):
    """The time is over. ``stopped`` is false for a coroutine that ignores its cancellation and goes on."""

    def __init__(self, *, stopped: bool) -> None:
        super().__init__()
        self.stopped = stopped


async def within(seconds: float | None, work: Coroutine[Any, Any, T]) -> T:
    """The result of the work; it is cancelled after ``seconds``, and when the caller is.

    Raises Overdue when it did not end in time.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        await _stop(task)
        raise
    if not task.done():
        await _stop(task)
        if not task.done() or task.cancelled():
            raise Overdue(stopped=task.done())
    return task.result()  # also of one that ended just in time


async def _stop(task: asyncio.Future[Any]) -> None:
    """Cancel, and wait for the end a little; what the code raises while it is being stopped is nobody's to see."""
    task.cancel()
    await asyncio.wait({task}, timeout=GRACE_SECONDS)
    if task.done() and not task.cancelled():
        task.exception()
    elif not task.done():
        task.add_done_callback(lambda late: late.cancelled() or late.exception())


async def in_thread(function: Callable[..., T], **arguments: Any) -> T:
    """Call a plain function in a thread of its own, which is left alone when the caller is cancelled.

    Not asyncio.to_thread: its few threads are shared, and the interpreter waits for them when it exits.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def tell(settle: Callable[[Any], None], value: Any) -> None:
        if not outcome.done():
            settle(value)

    def work() -> None:
        try:
            result = context.run(function, **arguments)
        except BaseException as error:  # the tool's own, SystemExit included
            report, value = outcome.set_exception, _storable(error)
        else:
            report, value = outcome.set_result, result  # type: ignore[assignment]
        try:
            loop.call_soon_threadsafe(tell, report, value)
        except RuntimeError:  # the loop has been closed: nobody waits any more
            return

    threading.Thread(target=work, name="aksara-agent-tool", daemon=True).start()
    return await outcome


def _storable(error: BaseException) -> BaseException:
    """A future refuses StopIteration, and SystemExit would end the loop instead of the call."""
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    return RuntimeError(f"{type(error).__name__}: {error}")
