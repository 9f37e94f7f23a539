"""One session of many short turns: how the time of a turn and the bytes on disk grow."""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, says

TURNS = 1000
MAX_MEGABYTES = 60.0
WINDOW = 25  # turns over which a time is the median


async def measure(root: Path, turns: int) -> tuple[list[float], list[int]]:
    """Seconds of processor time and bytes on disk after each turn."""
    seconds, sizes = [], []
    async with AgentRuntime(root, model=ScriptedModel(says("Noted."), repeat_last=True)) as runtime:
        session = runtime.start_session()
        for number in range(turns):
            started = time.process_time()
            await session.send(f"Remember number {number}, please.")
            seconds.append(time.process_time() - started)
            sizes.append(sum(file.stat().st_size for file in (root / ".aksara").iterdir()))
    return seconds, sizes


def main() -> int:
    """Print the table; 1 when the disk goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, sizes = asyncio.run(measure(Path(folder), TURNS))
    first = statistics.median(seconds[:WINDOW])
    print(f"{'turn':>6} {'ratio to turn 1':>16} {'MB on disk':>11}")
    for mark in (1, 100, 300, TURNS):
        window = seconds[max(0, mark - WINDOW) : mark] if mark > 1 else seconds[:WINDOW]
        print(f"{mark:6} {statistics.median(window) / first:16.2f} {sizes[mark - 1] / 1e6:11.2f}")
    return int(sizes[-1] / 1e6 > MAX_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
