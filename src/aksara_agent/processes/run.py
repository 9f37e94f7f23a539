"""One command, from its start to the end of everything that it started."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from aksara_agent.processes.listener import Listener
from aksara_agent.processes.output import Output

T = TypeVar("T")
REAPER = Path(__file__).with_name("reaper.py")
SECONDS_TO_END = 5.0  # for the reaper, which needs half a second for those who do not end when asked
SECONDS_TO_READ = 1.0  # for the output that is still in the pipe


@dataclass(frozen=True, slots=True)
class Completed:
    """How a command ended; ``exit_status`` is negative when a signal ended it.

    ``left_out`` counts the characters of its output that were not kept, ``left_behind`` the processes that it left
    running and that were ended.
    """

    exit_status: int
    output: str
    left_out: int = 0
    left_behind: int = 0


async def run_process(
    command: Sequence[str] | str,
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    max_output: int = 100_000,
    on_output: Callable[[str], None] | None = None,
) -> Completed:
    """Run a program with arguments, or a string by the shell, without input; output and errors in one stream.

    When this returns or is cancelled, no process of the command is left. What is printed goes to ``on_output`` as it
    comes; the result keeps ``max_output`` characters. Raises OSError when the command cannot be started.
    """
    arguments = ["/bin/sh", "-c", command] if isinstance(command, str) else list(command)
    if not arguments:
        raise ValueError("An empty command cannot be run; name a program.")
    mark = f"AKSARA_COMMAND_{uuid.uuid4().hex}"
    listener = Listener(Output(max_output, on_output))
    transport, _ = await asyncio.get_running_loop().subprocess_exec(
        lambda: listener,
        *(sys.executable, "-I", "-S", REAPER, *arguments),
        cwd=cwd,
        env={**(os.environ if env is None else env), mark: "1"},
        start_new_session=True,
    )
    try:
        await listener.stopped.wait()
    finally:
        missed = await _undisturbed(_end(transport, listener, mark))
    return _completed(listener, arguments[0], missed)


def _completed(listener: Listener, program: str, missed: int) -> Completed:
    """The result by the reaper's report; when it was killed, so was the command."""
    listener.finish()
    if listener.failure is not None:
        raise listener.failure
    output = listener.output
    word, _, rest = listener.report.partition("\n")[0].partition(" ")
    number, _, more = rest.partition(" ")
    if word == "failed":
        raise OSError(int(number), more, program)
    if word == "exited":
        return Completed(int(number), output.text, output.left_out, max(int(more), missed))
    if listener.report:
        raise RuntimeError(f"The process that should run {program!r} broke: {listener.report}")
    return Completed(-signal.SIGKILL, output.text, output.left_out, missed)


async def _end(transport: asyncio.SubprocessTransport, listener: Listener, mark: str) -> int:
    """Have the reaper end the command, and give back the pipes. Returns how many processes the reaper missed."""
    if not listener.exited.is_set():
        _cut_lifeline(transport)
    if not await _within(SECONDS_TO_END, listener.exited):
        transport.kill()
        await listener.exited.wait()
    missed = 0
    if transport.get_returncode() != 0:  # it does not answer for the whole tree
        missed = await asyncio.to_thread(_end_marked, mark)
    await _within(SECONDS_TO_READ, listener.closed)
    transport.close()
    await listener.closed.wait()
    return missed


def _end_marked(mark: str) -> int:
    from aksara_agent.processes.marked import end_marked  # psutil takes its time, and is rarely needed

    return end_marked(mark)


def _cut_lifeline(transport: asyncio.SubprocessTransport) -> None:
    """Say a word before hanging up: a process that was forked from ours may hold the line, too."""
    lifeline = cast(asyncio.WriteTransport | None, transport.get_pipe_transport(0))
    if lifeline is not None and not lifeline.is_closing():
        lifeline.write(b".")
        lifeline.close()


async def _within(seconds: float, event: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


async def _undisturbed(work: Coroutine[Any, Any, T]) -> T:
    """Wait for the work to its end; a cancellation meanwhile counts after it."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    return task.result()
