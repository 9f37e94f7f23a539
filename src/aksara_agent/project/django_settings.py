"""Settings modules found by their text, and which of several is the developer's own."""

from __future__ import annotations

import re
from pathlib import Path

from .files import is_migration, is_test

INSTALLED = re.compile(rb"^INSTALLED_APPS\s*(:[^=]+)?\+?=", re.MULTILINE)
EXTENDS = re.compile(rb"^from [\w.]+ import \*", re.MULTILINE)
DATABASES = re.compile(rb"^\s*DATABASES\s*(:[^=]+)?=|^\s*DATABASES\[", re.MULTILINE)
# What a developer runs comes first; production last, because looking at it by guess could reach real data.
PREFERRED = ("local", "development", "develop", "dev", "settings", "__init__", "base", "common")
LAST = ("test", "ci", "docs", "stag", "prod")


def settings_files(root: Path, paths: list[str]) -> dict[str, bool]:
    """Path to whether the file sets DATABASES; only files called like settings are read."""
    found = {}
    for path in paths:
        by_name = "settings" in path
        if is_migration(path) or not (by_name or "conf" in path.rpartition("/")[2]):
            continue
        try:
            text = (root / path).read_bytes()
        except OSError:
            continue
        if INSTALLED.search(text) or (by_name and EXTENDS.search(text)):
            found[path] = DATABASES.search(text) is not None
    return found


def best_settings(candidates: dict[str, bool]) -> tuple[str, str]:
    """The path of the best candidate and why it is."""
    best = min(candidates, key=lambda path: (rank(path), not candidates[path], path.count("/"), path))
    if len(candidates) == 1:
        return best, "the only settings file"
    others = ", ".join(path for path in sorted(candidates) if path != best)
    return best, f"chosen by its name before {others}; set DJANGO_SETTINGS_MODULE to choose another"


def rank(path: str) -> int:
    name = path.rpartition("/")[2].removesuffix(".py").lower()
    if is_test(path) or any(word in name for word in LAST):
        return len(PREFERRED) + 1
    words = [number for number, word in enumerate(PREFERRED) if word in name]
    return words[0] if words else len(PREFERRED)
