"""What the reaper says: the command's output as it comes, one line of report, and its end."""

from __future__ import annotations

import asyncio

from aksara_agent.processes.output import Output

REPORT = 2  # the reaper's standard error; the command's own goes into its output


class Listener(asyncio.SubprocessProtocol):
    """Our end of the reaper's pipes. ``stopped`` is set when the command has ended, or must."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.stopped, self.exited, self.closed = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.failure: Exception | None = None
        self._report = bytearray()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take output or report."""
        if fd == REPORT:
            self._report += data
            self.stopped.set()
        else:
            self._take(data)

    def process_exited(self) -> None:
        """The reaper has ended; there may still be output in the pipe."""
        self.exited.set()
        self.stopped.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """The reaper has ended and the pipes are closed."""
        self.closed.set()

    def finish(self) -> None:
        """Take what is left of a character that was cut."""
        self._take(b"", final=True)

    @property
    def report(self) -> str:
        """What the reaper reports, empty when it was killed."""
        return self._report.decode(errors="replace")

    def _take(self, data: bytes, *, final: bool = False) -> None:
        if self.failure is not None:
            return
        try:
            self.output.add(data, final=final)
        except Exception as error:  # of the caller's on_output: it ends the command, not the event loop
            self.failure = error
            self.stopped.set()
