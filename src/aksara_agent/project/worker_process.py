"""One worker process: its pipes, the tail of what it printed, and its end."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

from .failures import WorkerError

BOOT = Path(__file__).parent / "worker" / "boot.py"
TAIL_LINES = 20


class WorkerProcess:
    """Blocking; used from a thread. Plain pipes instead of asyncio's, so that any event loop can use it."""

    def __init__(self, python: Path, root: Path, sources: list[Path]) -> None:
        self.python = python
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self.unread = b""
        try:
            # A session of its own: killing its group also ends what the project started.
            self.process = subprocess.Popen(  # noqa: S603 - the project's own interpreter
                [str(python), str(BOOT), *map(str, sources)],
                cwd=root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                bufsize=0,
            )
        except OSError as error:
            raise WorkerError(f"{python} cannot be started: {error}", "start") from error
        self.drain = threading.Thread(target=self.keep_tail, daemon=True)
        self.drain.start()

    def keep_tail(self) -> None:
        """Read what the project prints, so that it never blocks on a full pipe."""
        assert self.process.stderr is not None
        with suppress(OSError, ValueError):
            for line in iter(self.process.stderr.readline, b""):
                self.tail.append(line.decode("utf-8", "replace").rstrip()[:500])

    def exchange(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send one request and wait for its reply. WorkerError (timeout, crash) ends the process."""
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            line = self.read_line(time.monotonic() + seconds)
        except (BrokenPipeError, EOFError):
            raise self.crashed() from None
        except TimeoutError:
            self.kill()
            doing = "importing the project" if request["op"] == "load" else f"{request['op']} in the worker"
            raise WorkerError(
                f"{doing} took longer than {seconds:g} s and was stopped{self.printed()}", "timeout"
            ) from None
        reply: dict[str, Any] = json.loads(line)
        return reply

    def read_line(self, deadline: float) -> bytes:
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        poll = select.poll()  # select() cannot watch descriptors above 1023
        poll.register(pipe, select.POLLIN)
        while b"\n" not in self.unread:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if poll.poll(left * 1000):
                chunk = os.read(pipe, 1 << 20)
                if not chunk:
                    raise EOFError
                self.unread += chunk
        line, _, self.unread = self.unread.partition(b"\n")
        return line

    def crashed(self) -> WorkerError:
        self.kill()
        code = self.process.returncode
        how = f"was ended by signal {signal.Signals(-code).name}" if code < 0 else f"exited with code {code}"
        return WorkerError(f"the worker {how} while it was asked{self.printed()}", "crash")

    def printed(self) -> str:
        lines = [line for line in self.tail if line]
        return "; it printed last: " + " | ".join(lines[-5:]) if lines else ""

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """End the whole process group and release the pipes. Safe to call twice."""
        if self.process.stdin is None or self.process.stdin.closed:
            return
        exited = self.process.poll() is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        if not exited:
            # Only while the process is unreaped: later its number could belong to somebody else.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.drain.join(timeout=1)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None and not (pipe is self.process.stderr and self.drain.is_alive()):
                pipe.close()
