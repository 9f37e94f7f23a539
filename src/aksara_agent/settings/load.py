"""Merges what all places say, the stronger over the weaker, and remembers which place won."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError
from aksara_agent.settings.environment import from_environment
from aksara_agent.settings.fields import SETTINGS, Entry, name_of, none_is_a_value, takes_number
from aksara_agent.settings.modules import from_settings_modules
from aksara_agent.settings.pyproject import from_pyproject
from aksara_agent.settings.words import ARGUMENT, DEFAULT, described, explain, two_values, unknown


@dataclass(frozen=True)
class Loaded:
    """The checked settings, and for each the place that it came from."""

    context: Context
    places: Mapping[str, str]


def load_context(project: str | Path, *arguments: Mapping[str, Any]) -> Context:
    """The checked configuration of a run in ``project``; later arguments win over earlier ones.

    Raises ConfigurationError that names the setting, its value and the place it came from.
    """
    return load_settings(project, *arguments).context


def load_settings(project: str | Path, *arguments: Mapping[str, Any]) -> Loaded:
    """As ``load_context``, with the place of every setting."""
    root = Path(project)
    values: dict[str, Any] = {}
    places = dict.fromkeys(Context.model_fields, DEFAULT)
    for entries in (from_pyproject(root), *from_settings_modules(root), from_environment(), *map(_given, arguments)):
        for name, entry in _by_name(entries).items():
            values[name], places[name] = entry.value, entry.place
    return Loaded(_checked({**values, "project": str(project)}, places), {**places, "project": ARGUMENT})


def _given(arguments: Mapping[str, Any]) -> list[Entry]:
    return [Entry(key, value, ARGUMENT) for key, value in arguments.items()]


def _by_name(entries: Iterable[Entry]) -> dict[str, Entry]:
    """What one place says of each setting; a stray key warns, and an argument that is one is an error."""
    found: dict[str, Entry] = {}
    for entry in entries:
        name = name_of(entry.key)
        if name not in SETTINGS:
            unknown(entry)
        elif entry.value is not None or none_is_a_value(name):
            if name in found and not _same(found[name].value, entry.value):
                raise ConfigurationError(two_values(found[name], entry))
            found[name] = entry
    return found


def _same(one: Any, other: Any) -> bool:
    """Whether two values mean the same; a list is as good as a tuple."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return list(one) == list(other)
    return bool(one == other)


def _checked(values: Mapping[str, Any], places: Mapping[str, str]) -> Context:
    for name, value in values.items():
        if isinstance(value, bool) and takes_number(name):  # pydantic reads True as 1
            raise ConfigurationError(described(name, value, places[name], "Input should be a number"))
    try:
        return Context(**values)
    except ValidationError as error:
        raise ConfigurationError(explain(error, places)) from None
