"""How long it takes to find 500 models, first and warm, as a ratio to parsing the same files with ``ast`` alone."""

from __future__ import annotations

import ast
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aksara_agent.project.scan import Scanner

FILES, ROUNDS = 500, 5
HEAD = "from sqlalchemy import String\nfrom sqlalchemy.orm import Mapped, mapped_column\nfrom base import Base\n"
FIELDS = "".join(f"    f{n}: Mapped[str] = mapped_column(String(20), index=True)\n" for n in range(15))


def write_project(root: Path) -> None:
    """A base and one model in each file."""
    (root / "base.py").write_text("from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n")
    for number in range(FILES):
        (root / f"m{number}.py").write_text(f"{HEAD}class M{number}(Base):\n    __tablename__ = 'm{number}'\n{FIELDS}")


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_project(root)
        first, warm = [], []
        for _ in range(ROUNDS):
            bare = seconds(lambda: [ast.parse(file.read_bytes()) for file in root.glob("*.py")])
            scanner = Scanner(root)
            first.append(seconds(scanner.scan) / bare)
            warm.append(seconds(scanner.scan) / bare)
    print(f"{'scan of 500 model files':28} {'ratio to ast.parse':>18} {'goal':>6}")
    missed = 0
    for name, ratios, goal in (("first", first, 4.0), ("warm", warm, 0.5)):
        missed += statistics.median(ratios) > goal
        print(f"{name:28} {statistics.median(ratios):18.2f} {goal:6.1f}")
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main())
