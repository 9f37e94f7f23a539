"""Which settings there are, what each may be called, and how it is written as text."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, NamedTuple

from aksara_agent.context import Context

SETTINGS = frozenset(Context.model_fields) - {"project"}  # which project it is cannot depend on the project
SPELLINGS = {"default_tools": "tools", "allow_write_tools": "allow_writes"}


class Entry(NamedTuple):
    """What one place says of one setting, by the name that is used there."""

    key: str
    value: Any
    place: str


def name_of(key: str) -> str:
    """The setting that a key means: the spec's spellings and dashes are understood."""
    name = key.replace("-", "_")
    return SPELLINGS.get(name, name)


def takes_number(name: str) -> bool:
    """Whether the setting is a number."""
    return bool(_types(name) & {"integer", "number"})


def none_is_a_value(name: str) -> bool:
    """For a number None says something: no limit. For every other setting it means not given."""
    return takes_number(name) and "null" in _types(name)


def from_text(name: str, text: str) -> Any:
    """A setting as written in the environment: lists with commas, mappings as JSON, the rest as it is."""
    if "array" in _types(name):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if "object" in _types(name):
        try:
            return json.loads(text)
        except ValueError:
            return text  # refused later, unless a better place replaces it
    return read_none(name, text)


def read_none(name: str, value: Any) -> Any:
    """The word "none" is None for a number, where the notation has no None of its own."""
    is_none = isinstance(value, str) and value.strip().lower() == "none"
    return None if is_none and none_is_a_value(name) else value


def _types(name: str) -> frozenset[str]:
    """The JSON types that a setting may have; none for an unknown one."""
    schema = _schema().get(name, {})
    return frozenset(option.get("type", "object") for option in schema.get("anyOf", [schema] if schema else []))


@cache
def _schema() -> dict[str, Any]:
    properties: dict[str, Any] = Context.model_json_schema()["properties"]
    return properties
