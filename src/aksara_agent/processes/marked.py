"""Processes found by a mark in their environment, as Jenkins' ProcessTreeKiller does.

The second net, for where the reaper cannot adopt (macOS) or was killed by the command itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psutil

GRACE_SECONDS = 0.5
MAX_ROUNDS = 10  # who survives so many kills cannot be killed by us


def end_marked(mark: str) -> int:
    """End all processes with the environment variable ``mark``, and all below them; returns how many there were."""
    ended: set[psutil.Process] = set()
    for number in range(MAX_ROUNDS):
        found = set(_marked(mark))
        if not found:
            break
        ended |= found
        for process in found:
            with suppress(psutil.Error):
                process.terminate() if number == 0 else process.kill()
        psutil.wait_procs(found, timeout=GRACE_SECONDS)
    return len(ended)


def _marked(mark: str) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if mark in process.environ():
                yield process
                yield from process.children(recursive=True)
