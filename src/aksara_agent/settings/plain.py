"""What a setting may be made of. Also runs in the project's interpreter: Python 3.8, standard library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LARGEST = 1 << 63


class NotPlain(ValueError):
    """A value that JSON cannot hold; the text says where it stands."""


def plain(value: Any, place: str) -> Any:
    """The value as JSON would give it back. Raises NotPlain that names the key."""
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise NotPlain(f"{place} has the key {key!r}; it must hold settings by name.")
        return {str(key): plain(item, f"{place}[{key!r}]") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{place}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, int) and abs(value) >= LARGEST:
        raise NotPlain(f"{place} is a whole number beyond 64 bits.")
    if value is None or isinstance(value, (str, int, float)):
        return value
    what = "{} is of type {}; write it as text, number, True, False, None, list or mapping."
    raise NotPlain(what.format(place, type(value).__name__))
