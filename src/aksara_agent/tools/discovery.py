"""Finding the tools of a folder: every Python file in it is imported, and what it registers is found."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path

from aksara_agent.errors import ConfigurationError
from aksara_agent.tools import registry
from aksara_agent.tools.base import Tool


def discover(folder: str | Path) -> dict[str, Tool]:
    """The tools that the files of ``folder`` register, by name; files that start with ``_`` are left alone.

    The folder's code runs, so name only folders that you trust. Raises ConfigurationError for a folder
    that is missing and for a file that cannot be imported.
    """
    path = Path(folder).resolve()
    if not path.is_dir():
        raise ConfigurationError(f"The tools folder {str(folder)!r} is not a directory.")
    found: dict[str, Tool] = {}
    for file in sorted(path.glob("*.py")):
        if not file.name.startswith("_"):
            found |= _tools_of(file)
    return found


def _tools_of(file: Path) -> dict[str, Tool]:
    """Import a file under a private name, so that it can neither shadow nor be shadowed, and collect its tools."""
    digest = hashlib.sha256(str(file).encode()).hexdigest()[:12]
    name = f"_aksara_agent_tools_{digest}.{file.stem}".replace(".", "_")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec and spec.loader, file
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic resolves type hints through sys.modules
    with registry.recording() as registered:
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[name]
            raise ConfigurationError(
                f"The tool file {file} cannot be imported: {type(error).__name__}: {error}"
            ) from error
    return registered
