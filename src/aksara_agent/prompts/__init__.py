"""The instructions for the model: one file each, put together here."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

GUIDE = "AGENTS.md"
MAX_GUIDE_CHARACTERS = 8_000


def system_prompt(mode: str, root: Path) -> str:
    """What the model is told in a mode about its work and this project."""
    parts = [text("system"), text(mode), f"Project: {root.name}"]
    guide = root / GUIDE
    if guide.is_file():
        parts.append(f"The project's own {GUIDE}:\n{guide.read_text(errors='replace')[:MAX_GUIDE_CHARACTERS]}")
    return "\n\n".join(parts)


@cache
def text(name: str) -> str:
    """One prompt file, without the line break at its end."""
    return files(__package__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip()
