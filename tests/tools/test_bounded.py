"""Time limits around code that obeys, that ignores them, and that cannot be stopped."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from aksara_agent.tools import bounded
from aksara_agent.tools.bounded import Overdue, in_thread, within


async def test_work_that_ends_in_time_gives_its_result_and_its_errors() -> None:
    async def fine() -> int:
        return 7

    async def broken() -> None:
        raise LookupError("no")

    assert await within(5, fine()) == 7
    assert await within(None, fine()) == 7
    with pytest.raises(LookupError):
        await within(5, broken())


async def test_work_that_takes_too_long_is_cancelled() -> None:
    ended: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cleaned up")

    with pytest.raises(Overdue) as overdue:
        await within(0.01, slow())
    assert overdue.value.stopped and ended == ["cleaned up"]


async def test_work_that_will_not_stop_is_left_after_a_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "GRACE_SECONDS", 0.01)
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    with pytest.raises(Overdue) as overdue:
        await within(0.01, stubborn())
    assert not overdue.value.stopped
    release.set()


async def test_a_caller_that_is_cancelled_cancels_the_work() -> None:
    ended = asyncio.Event()

    async def slow() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    waiting = asyncio.ensure_future(within(None, slow()))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended.is_set()


async def test_a_function_runs_in_a_thread_of_its_own_with_the_caller_s_context() -> None:
    variable = contextvars.ContextVar("variable", default="unset")
    variable.set("set")
    names = await asyncio.gather(*(in_thread(lambda: (threading.get_ident(), variable.get())) for _ in range(3)))
    assert {value for _, value in names} == {"set"}
    assert threading.get_ident() not in {ident for ident, _ in names}


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt(), StopIteration()])
async def test_what_would_end_more_than_the_call_becomes_an_ordinary_error(error: BaseException) -> None:
    def leave() -> None:
        raise error

    with pytest.raises(RuntimeError, match=type(error).__name__):
        await in_thread(leave)


async def test_more_functions_may_hang_than_shared_threads_would_allow() -> None:
    release, started = threading.Event(), threading.Semaphore(0)

    def hang() -> None:
        started.release()
        release.wait(30)

    hanging = [asyncio.ensure_future(in_thread(hang)) for _ in range(64)]
    await asyncio.sleep(0)
    assert await asyncio.to_thread(lambda: all(started.acquire(timeout=20) for _ in range(64)))
    assert await in_thread(lambda: "still room") == "still room"
    release.set()
    await asyncio.gather(*hanging)
