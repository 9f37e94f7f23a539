"""What becomes of real hunks that are written wrong in the ways of models, beside other libraries.

The others are for this comparison alone: pip install diff-match-patch patch-ng whatthepatch; a missing one is left out.
The hunks come from this project's git history, and for the rest from refactorings of installed packages.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "patching"), str(Path(__file__).parent)]

from outcome import Patcher, by_diff, by_search, cases_of, judged  # noqa: E402
from patching_rivals import RIVALS  # noqa: E402
from real_hunks import from_history, from_packages  # noqa: E402
from slips import SLIPS  # noqa: E402

HUNKS, FROM_HISTORY = 1200, 1000
OUTCOMES = ("ok", "refused", "wrong")


def main() -> int:
    """Print the table; 1 when ours applied anything wrongly. Arguments: the number of hunks."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else HUNKS
    history = from_history()[: min(FROM_HISTORY, count)]
    hunks = history + from_packages(count - len(history))
    ours: dict[str, Patcher] = {"search/replace": by_search, "diff": by_diff}
    patchers = {**ours, **{name: patcher for name, make in RIVALS.items() if (patcher := make())}}
    print(f"{len(hunks):,} hunks, {len(history):,} of them from the git history; ok / refused / wrong\n")
    print(f"{'':32}" + "".join(f"{name:>20}" for name in patchers))
    totals: Counter[tuple[str, str]] = Counter()
    for slip in SLIPS:
        counts = Counter((n, judged(p, h.path, case)) for h, case in cases_of(slip, hunks) for n, p in patchers.items())
        totals += counts
        print(_row(slip.__name__.replace("_", " "), counts, patchers), flush=True)
    print(_row("all", totals, patchers))
    return min(1, sum(totals[name, "wrong"] for name in ours))


def _row(title: str, counts: Counter[tuple[str, str]], patchers: dict[str, Patcher]) -> str:
    return f"{title:32}" + "".join(f"{' / '.join(str(counts[name, o]) for o in OUTCOMES):>20}" for name in patchers)


if __name__ == "__main__":
    sys.exit(main())
