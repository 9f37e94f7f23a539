"""How long the import and the command line take, as ratios to ``python -c pass`` in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
ROUNDS = 15
COMMANDS = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "import aksara_agent": ([sys.executable, "-c", "import aksara_agent"], 2.0),
    "aksara-agent --help": ([str(BIN / "aksara-agent"), "--help"], 5.0),
    "import AgentRuntime": ([sys.executable, "-c", "from aksara_agent import AgentRuntime"], None),
}


def measure() -> dict[str, list[float]]:
    """Seconds of each command, interleaved, so that a busy moment of the machine strikes all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, (command, _) in COMMANDS.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds[name].append(time.perf_counter() - started)
    return seconds


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    seconds = measure()
    bare = seconds["python -c pass"]
    missed = 0
    print(f"{'command':24} {'median ms':>10} {'ratio':>7} {'goal':>6}")
    for name, (_, goal) in COMMANDS.items():
        ratio = statistics.median(own / base for own, base in zip(seconds[name], bare, strict=True))
        missed += goal is not None and ratio > goal
        shown = f"{goal:.1f}" if goal else ""
        print(f"{name:24} {statistics.median(seconds[name]) * 1000:10.0f} {ratio:7.2f} {shown:>6}")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
