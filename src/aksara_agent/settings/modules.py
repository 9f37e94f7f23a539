"""Settings in ``AKSARA["AI_AGENT_RUNTIME"]`` of the project's settings module: read where literal, else imported."""

from __future__ import annotations

import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from aksara_agent.errors import ConfigurationError
from aksara_agent.project.files import python_files
from aksara_agent.settings.fields import Entry
from aksara_agent.settings.find import SettingsModule, settings_modules
from aksara_agent.settings.imported import ImportFailed, import_section
from aksara_agent.settings.literal import SECTION, NotLiteral, read_literal
from aksara_agent.settings.plain import NotPlain, plain
from aksara_agent.settings.words import caller_level, table


def from_settings_modules(root: Path) -> list[list[Entry]]:
    """What each settings module says, the weakest first. Raises ConfigurationError."""
    return [_entries(root, module) for module in settings_modules(root)]


def _entries(root: Path, module: SettingsModule) -> list[Entry]:
    place = f"{module.path} AKSARA['AI_AGENT_RUNTIME']"
    return [Entry(key, value, place) for key, value in table(_section(root, module, place), place).items()]


def _section(root: Path, module: SettingsModule, place: str) -> Any:
    try:
        return plain(read_literal((root / module.path).read_bytes()), place)
    except OSError as error:
        raise ConfigurationError(f"{module.path} cannot be read: {error.strerror}") from None
    except NotPlain as error:
        raise ConfigurationError(str(error)) from None
    except NotLiteral as reason:
        return _imported(root, module, place, reason)


def _imported(root: Path, module: SettingsModule, place: str, reason: NotLiteral) -> Any:
    try:
        return import_section(root, module, place)
    except ImportFailed as failure:
        if _mentioned(root):
            raise ConfigurationError(
                f"{failure}. {module.path} had to be imported for its settings, because {reason}. "
                "Set what it needs, or make AKSARA['AI_AGENT_RUNTIME'] one literal that nothing else changes."
            ) from None
        warnings.warn(
            f"{failure}. So {module.path} could not be asked for AKSARA['AI_AGENT_RUNTIME'], and counts as without "
            "settings for the agent: no Python file of the project mentions any.",
            UserWarning,
            stacklevel=caller_level(),
        )
        return {}


def _mentioned(root: Path) -> bool:
    """Whether the project has heard of us at all; one that has not must stay readable as it is."""
    for file in python_files(root):
        with suppress(OSError):
            if SECTION.encode() in (root / file.path).read_bytes():
                return True
    return False
