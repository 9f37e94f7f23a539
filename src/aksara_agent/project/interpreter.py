"""Which Python runs the project: its own virtual environment when it has one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aksara_agent.errors import ProjectError

ENVIRONMENTS = (".venv", "venv", "env")


def find_interpreter(root: Path, python: str | Path | None = None) -> Path:
    """The given interpreter, else the project's own, else ours. Raises ProjectError when it cannot run."""
    if python is not None:
        given = Path(python).expanduser()
        if not (given.is_file() and os.access(given, os.X_OK)):
            raise ProjectError(f"{given} is not an interpreter that can run: give the path of a python executable")
        return given.absolute()
    for name in ENVIRONMENTS:
        candidate = root / name / "bin" / "python"
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    return Path(sys.executable)
