"""From the type hints of a function to the JSON schema that a model sees, and back to a clear error."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

from aksara_agent.errors import ConfigurationError

NAMED = ("properties", "$defs")  # keywords whose keys are names
VALUES = ("default", "const", "enum", "examples")  # keywords that hold data, not schemas


def arguments_model(name: str, function: Callable[..., Any], hidden: type) -> type[BaseModel]:
    """A pydantic model with a field for each parameter of ``function`` that is not of type ``hidden``.

    Unknown arguments are refused. Raises ConfigurationError for parameters that a model cannot fill.
    """
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except NameError as error:
        raise ConfigurationError(f"Tool {name!r}: a type hint cannot be resolved: {error}.") from error
    described = argument_descriptions(inspect.getdoc(function) or "")
    fields: dict[str, Any] = {}
    for number, parameter in enumerate(_parameters(function)):
        hint = hints.get(parameter.name, Any)
        if hint is hidden:
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
            raise ConfigurationError(
                f"Tool {name!r}: parameter {parameter} cannot be named by a model; give it a name."
            )
        default = ... if parameter.default is parameter.empty else parameter.default
        # Under its own name an argument such as "schema" or "_id" would collide with pydantic's attributes.
        described_field: dict[str, Any] = {"alias": parameter.name}
        if (text := described.get(parameter.name)) and not _has_description(hint):
            described_field["description"] = text
        fields[f"field_{number}"] = (hint, Field(default, **described_field))
    return create_model(name, __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=True), **fields)


def given(checked: BaseModel) -> dict[str, Any]:
    """The arguments that a call names, as typed values; the others keep the function's own defaults."""
    fields = type(checked).model_fields
    return {fields[field].alias or field: getattr(checked, field) for field in checked.model_fields_set}


def context_parameter(function: Callable[..., Any], context_type: type) -> str | None:
    """The name of the parameter that takes the tool context, if there is one."""
    hints = typing.get_type_hints(function)
    return next((p.name for p in _parameters(function) if hints.get(p.name) is context_type), None)


def compact_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema without the titles that pydantic adds: they cost tokens and say nothing."""
    schema: dict[str, Any] = _without_titles(model.model_json_schema())
    schema.setdefault("properties", {})
    schema.pop("additionalProperties", None)
    return schema


def explain(tool: str, parameters: dict[str, Any], error: ValidationError) -> str:
    """What is wrong with the arguments and which there are, in words for the model."""
    wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors())
    required = parameters.get("required", [])
    known = ", ".join(
        f"{name} ({spec.get('type', 'value')}{', required' if name in required else ''})"
        for name, spec in parameters["properties"].items()
    )
    return f"Wrong arguments for {tool}: {wrong}. Its arguments are: {known or 'none'}."


def argument_descriptions(docstring: str) -> dict[str, str]:
    """The parameter texts of a Google-style ``Args:`` section."""
    section = re.search(r"^Args:\n((?:[ \t]+.*\n?|\n)+)", docstring, re.MULTILINE)
    if not section:
        return {}
    entries = re.findall(r"^[ \t]+(\w+)(?: *\([^)]*\))?: *(.+(?:\n[ \t]{5,}\S.*)*)", section.group(1), re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}


def summary(docstring: str) -> str:
    """The text of a docstring before its sections."""
    return re.split(r"\n(?:Args|Returns|Raises|Yields|Examples?):", docstring)[0].strip()


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def _has_description(hint: Any) -> bool:
    return any(isinstance(extra, FieldInfo) and extra.description for extra in getattr(hint, "__metadata__", ()))


def _without_titles(node: Any, *, names: bool = False) -> Any:
    """Drop ``title`` keywords; inside ``properties`` a key "title" is an argument's name and stays."""
    if isinstance(node, list):
        return [_without_titles(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value if not names and key in VALUES else _without_titles(value, names=not names and key in NAMED)
        for key, value in node.items()
        if names or key != "title" or not isinstance(value, str)
    }
