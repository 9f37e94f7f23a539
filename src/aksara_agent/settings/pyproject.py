"""Settings in ``[tool.aksara-agent]`` of the project's pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

from aksara_agent.errors import ConfigurationError
from aksara_agent.settings.fields import Entry, name_of, read_none
from aksara_agent.settings.words import table

PLACE = "pyproject.toml [tool.aksara-agent]"


def from_pyproject(root: Path) -> list[Entry]:
    """What the section says. Raises ConfigurationError when the file cannot be read."""
    file = root / "pyproject.toml"
    if not file.is_file():
        return []
    try:
        tools = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file.name} cannot be read: {error}") from None
    section = table(tools.get("aksara-agent", {}) if isinstance(tools, dict) else {}, PLACE)
    return [Entry(key, read_none(name_of(key), value), PLACE) for key, value in section.items()]
