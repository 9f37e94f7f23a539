"""What is said about settings that cannot be: the setting, its value, its place, and what to do."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError, did_you_mean
from aksara_agent.project.worker.masking import mask_password
from aksara_agent.settings.fields import SETTINGS, Entry

ARGUMENT, DEFAULT = "argument", "default"
PACKAGE = str(Path(__file__).parents[1])
LONGEST = 300
PLAINER = {
    "tuple_type": "Input should be a list of names",
    "bool_type": "Input should be true or false",
    "bool_parsing": "Input should be true or false",
    "dict_type": "Input should be a mapping (JSON, in the environment)",
}


def described(name: str, value: Any, place: str, problem: str) -> str:
    """One sentence on a value that cannot be."""
    return f"{name}={shown(value)} from {_in_words(place)}: {problem}"


def explain(error: ValidationError, places: Mapping[str, str]) -> str:
    """What is wrong with each value; for settings that contradict each other, where they were set."""
    lines = []
    for problem in error.errors():
        text = PLAINER.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        if problem["loc"]:
            name = str(problem["loc"][0])
            path = ".".join(map(str, problem["loc"]))
            lines.append(described(path, problem["input"], places.get(name, ARGUMENT), text))
        else:
            lines.append(text + _origins(text, places))
    return "; ".join(lines)


def _origins(text: str, places: Mapping[str, str]) -> str:
    """Where the settings that a sentence names were set."""
    named = dict.fromkeys(word for word in re.findall(r"\w+", text) if word in Context.model_fields)
    found = [f"{name} from {_in_words(places[name])}" for name in named if places[name] != DEFAULT]
    return f" ({', '.join(found)})" if found else ""


def unknown(entry: Entry) -> None:
    """A key that is no setting: an error in the arguments, a warning elsewhere."""
    message = f"Unknown setting {entry.key!r} in {_in_words(entry.place)}. {did_you_mean(entry.key, SETTINGS)}"
    if entry.place == ARGUMENT:
        raise ConfigurationError(message)
    warnings.warn(message, UserWarning, stacklevel=caller_level())


def two_values(one: Entry, other: Entry) -> str:
    """One setting under two names, with a value each."""
    first, second = (f"{entry.key}={shown(entry.value)} in {_in_words(entry.place)}" for entry in (one, other))
    return f"{first} and {second} are one setting with two values; keep one of them."


def table(settings: Any, place: str) -> dict[str, Any]:
    """The settings of a file. Raises ConfigurationError when it is anything but a mapping of names."""
    if isinstance(settings, dict) and all(isinstance(key, str) for key in settings):
        return settings
    raise ConfigurationError(f"{place} is {shown(settings)}; it must hold settings by name.")


def shown(value: Any) -> str:
    """A value as Python writes it, cut, and without the password of a URL."""
    text = mask_password(repr(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def one_line(text: str) -> str:
    """Text from the project as one line that no terminal obeys."""
    line = " ".join(text.split())[:LONGEST]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def caller_level() -> int:
    """The stacklevel with which a warning points at the code that called this package."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame, level = frame.f_back, level + 1
    return level


def _in_words(place: str) -> str:
    return "the arguments" if place == ARGUMENT else place
