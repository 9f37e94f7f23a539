"""Runs a command and ends all that came from it: `python -I -S reaper.py program [argument…]`.

A process of its own, because on Linux a process can adopt the orphans below it. Then nobody leaves the tree: neither by
setsid, nor by forking twice, nor with an emptied environment. Standard library only.

Standard input is the lifeline: a byte on it, or its end, says that the command is no longer wanted; so the command
does not outlive us either. Standard error takes one line: "exited STATUS LEFT_BEHIND", or "failed ERRNO REASON" when
the command cannot be started. Exit status 0 says that nothing is left.
"""

# ruff: noqa: PTH110, PTH123, PTH208
# Importing pathlib would make the start of every command longer.

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

GRACE_SECONDS = 0.5
ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
CHILDREN = f"/proc/self/task/{os.getpid()}/children"
LIFELINE, OUTPUT, REPORT = 0, 1, 2


def main(command: list[str]) -> int:
    """Start the command, wait for its end or ours, and end what is left."""
    complete = adopt_orphans()
    woken = wake_for_children()
    try:
        leader = start(command)
    except OSError as error:
        return report(REPORT, f"failed {error.errno} {error.strerror}")
    status = wait_for(leader, woken)
    if status is not None:
        report(REPORT, f"exited {status} {len(list(below(os.getpid())))}")
    if complete:
        return end_adopted()
    if status is None:
        end_group(leader)
    return 1


def adopt_orphans() -> bool:
    """Become the parent of every orphan below; False where the kernel cannot do that, or not show it."""
    return os.path.exists(CHILDREN) and ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1, 0, 0, 0) == 0


def wake_for_children() -> int:
    """A descriptor that can be read when a child has ended."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return woken


def start(command: list[str]) -> int:
    """The process of the command, in a session of its own."""
    if process := os.fork():
        return process
    reports = os.dup(REPORT)  # closed by a successful exec
    try:
        become(command)
    except OSError as error:
        report(reports, f"failed {error.errno} {error.strerror}")
    finally:
        os._exit(127)


def become(command: list[str]) -> None:
    """Replace this process by the command: no input, output and errors in one stream."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), LIFELINE)
    os.dup2(OUTPUT, REPORT)
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python, and a command would inherit that
        signal.signal(ignored, signal.SIG_DFL)
    os.execvp(command[0], command)  # noqa: S606 - no shell on purpose


def wait_for(leader: int, woken: int) -> int | None:
    """The exit status of the command, negative for a signal; None when it is no longer wanted."""
    while True:
        ready, _, _ = select.select([LIFELINE, woken], [], [])
        if woken in ready:
            os.read(woken, 1024)
        ended = dict(reap())
        if leader in ended:
            return os.waitstatus_to_exitcode(ended[leader])
        if LIFELINE in ready:
            return None


def reap() -> Iterator[tuple[int, int]]:
    """Take leave of the children that have ended, adopted ones too: process and status."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended


def end_adopted() -> int:
    """Ask all to end, then make them: a child that is killed hands us its own, until there are none."""
    for process in list(below(os.getpid())):
        send(process, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < deadline and (list(reap()) or children(CHILDREN)):
        time.sleep(0.01)
    with suppress(ChildProcessError):
        while True:
            for process in children(CHILDREN):
                send(process, signal.SIGKILL)
            os.waitpid(-1, 0)
    return 0


def end_group(leader: int) -> None:
    """What can be done without adoption; the rest is found by its mark (see marked.py)."""
    with suppress(OSError):
        os.killpg(leader, signal.SIGTERM)
        time.sleep(GRACE_SECONDS)
        os.killpg(leader, signal.SIGKILL)


def below(process: int) -> Iterator[int]:
    """All descendants of a process."""
    with suppress(OSError):
        for task in os.listdir(f"/proc/{process}/task"):
            for child in children(f"/proc/{process}/task/{task}/children"):
                yield child
                yield from below(child)


def children(path: str) -> list[int]:
    """The numbers in a file of /proc; none when there is no such file."""
    with suppress(OSError), open(path) as file:
        return [int(number) for number in file.read().split()]
    return []


def send(process: int, number: int) -> None:
    """Send a signal, as far as we may and the process is still there."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(process, number)


def report(to: int, line: str) -> int:
    """Write the one line; nobody may be reading any more."""
    with suppress(BrokenPipeError):
        os.write(to, f"{line}\n".encode())
    return 0


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
