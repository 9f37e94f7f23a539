"""Commands that can be recognised afterwards: whatever belongs to a test has its number among its arguments."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from process_use import Alive, Started

from aksara_agent.processes import run_process


@pytest.fixture
def number() -> str:
    """Seconds to sleep that no other test has."""
    return str(random.randrange(10**6, 10**7))


@pytest.fixture
def alive(number: str) -> Iterator[Alive]:
    """The processes of this test that live: ``alive()``. Those that a failed test leaves are ended."""

    def found() -> list[psutil.Process]:
        return [process for process in psutil.process_iter() if number in _arguments(process)]

    yield found
    for process in found():
        with suppress(psutil.Error):
            process.kill()


def _arguments(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


@pytest.fixture
def started(tmp_path: Path) -> Started:
    """Starts a command and waits until it has printed something: ``task = await started(command)``."""

    async def start(command: str | list[str], on_output: Callable[[str], None] = str) -> asyncio.Task[object]:
        printed = asyncio.Event()

        def listen(text: str) -> None:
            printed.set()
            on_output(text)

        task = asyncio.create_task(run_process(command, cwd=tmp_path, on_output=listen))
        async with asyncio.timeout(30):
            await printed.wait()
        return task

    return start
