"""Makes the table in docs/reliability.md from what the tests recorded: ``crash_table.py RECORDS [PAGE]``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

BEGIN, END = "<!-- table: made by tests/reliability/crash_table.py -->\n", "<!-- end of table -->"
COLUMNS = ("once", "unknown", "lost", "twice")


def table(records: list[str]) -> str:
    """One row a group of kill points; the counts are of effects, of which each run has seven."""
    points: Counter[str] = Counter()
    outcomes: dict[str, Counter[str]] = {}
    for record in map(json.loads, records):
        points[record["group"]] += 1
        outcomes.setdefault(record["group"], Counter()).update(record["outcomes"])
    lines = [
        "| killed | points | effects exactly once | unknown, and told | lost | twice |",
        "|---|---:|---:|---:|---:|---:|",
        *(_row(group, points[group], outcomes[group]) for group in sorted(outcomes)),
        _row("**all**", sum(points.values()), sum(outcomes.values(), Counter())),
    ]
    return "\n".join(lines) + "\n"


def _row(group: str, points: int, outcomes: Counter[str]) -> str:
    return f"| {group} | {points} | {' | '.join(str(outcomes[column]) for column in COLUMNS)} |"


def main(records: str, page: str | None = None) -> None:
    """Print the table, or put it into a page between the two marks."""
    made = table(Path(records).read_text().splitlines())
    if page is None:
        sys.stdout.write(made)
        return
    before, rest = Path(page).read_text().split(BEGIN)
    Path(page).write_text(before + BEGIN + made + END + rest.split(END, 1)[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
