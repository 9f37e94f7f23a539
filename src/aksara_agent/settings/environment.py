"""Settings in environment variables. Nothing else of the package reads the environment for settings."""

from __future__ import annotations

import os

from aksara_agent.settings.fields import Entry, from_text, name_of

PREFIX = "AKSARA_AGENT_"


def from_environment() -> list[Entry]:
    """AKSARA_AGENT_MODEL and the like. An empty variable counts as not set; a lone comma is an empty list."""
    found = []
    for variable, text in os.environ.items():
        if variable.startswith(PREFIX) and text.strip():
            key = variable.removeprefix(PREFIX).lower()
            found.append(Entry(key, from_text(name_of(key), text), f"environment variable {variable}"))
    return found
