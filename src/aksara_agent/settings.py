"""Where the configuration comes from: argument > environment > project settings > defaults.

The only reader of environment variables and settings files. Project settings are a literal
``AKSARA = {"AI_AGENT_RUNTIME": {…}}`` in the project's settings.py, which is read and never run, or
``[tool.aksara-agent]`` in its pyproject.toml.
"""

from __future__ import annotations

import ast
import os
import tomllib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from aksara_agent.context import Context
from aksara_agent.errors import ConfigurationError, did_you_mean

PREFIX = "AKSARA_AGENT_"
SPELLINGS = {"default_tools": "tools", "allow_write_tools": "allow_writes"}
PLANNED = frozenset({"sandbox_mode", "log_actions", "log_reasoning"})  # known to the spec, not yet acted on
# For a limit None is a value, no limit; for every other setting it means not given.
LIMITS = frozenset(n for n in Context.model_fields if n.startswith(("max_", "timeout", "tool_timeout"))) - {
    "max_retries"
}


def load_context(project: str | Path, arguments: Mapping[str, Any]) -> Context:
    """The checked configuration of a run in ``project``.

    Raises ConfigurationError that names the setting, its value and the place it came from.
    """
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for place, settings in (
        *_project_settings(Path(project)),
        ("the environment", _environment()),
        ("the arguments", arguments),
    ):
        for key, value in settings.items():
            name = SPELLINGS.get(key, key)
            if _is_setting(name, place) and (value is not None or name in LIMITS):
                values[name], places[name] = value, place
    try:
        return Context(**{**values, "project": str(project)})
    except ValidationError as error:
        raise ConfigurationError(_explain(error, places)) from None


def _is_setting(name: str, place: str) -> bool:
    """Whether there is such a setting; arguments must be right, elsewhere a stray key only warns."""
    if name in Context.model_fields:
        return True
    if name not in PLANNED:
        message = f"Unknown setting {name!r} in {place}. {did_you_mean(name, Context.model_fields)}"
        if place == "the arguments":
            raise ConfigurationError(message)
        warnings.warn(message, UserWarning, stacklevel=4)
    return False


def _environment() -> dict[str, Any]:
    """AKSARA_AGENT_MODEL and the like; lists are separated by commas."""
    found: dict[str, Any] = {}
    for variable, text in os.environ.items():
        if variable.startswith(PREFIX):
            key = variable.removeprefix(PREFIX).lower()
            name = SPELLINGS.get(key, key)
            several = name in Context.model_fields and "tuple" in str(Context.model_fields[name].annotation)
            found[name] = tuple(part.strip() for part in text.split(",") if part.strip()) if several else text
    return found


def _project_settings(root: Path) -> list[tuple[str, dict[str, Any]]]:
    found = []
    if (file := root / "pyproject.toml").is_file():
        found.append(("pyproject.toml [tool.aksara-agent]", _from_pyproject(file)))
    if (file := root / "settings.py").is_file():
        found.append(("settings.py AKSARA['AI_AGENT_RUNTIME']", _from_settings_py(file)))
    return found


def _from_pyproject(file: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("aksara-agent", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file.name} cannot be read: {error}") from None
    return {key.replace("-", "_"): value for key, value in _table(table, "pyproject.toml [tool.aksara-agent]").items()}


def _table(settings: Any, place: str) -> dict[str, Any]:
    if isinstance(settings, dict) and all(isinstance(key, str) for key in settings):
        return settings
    raise ConfigurationError(f"{place} is {settings!r}; it must hold settings by name.")


def _from_settings_py(file: Path) -> dict[str, Any]:
    """The literal in settings.py; one that is computed cannot be read without running the project."""
    try:
        with warnings.catch_warnings():  # about the project's own code, which is not ours to judge
            warnings.simplefilter("ignore")
            tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return {}  # the project scan reports it with its line
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if value is not None and any(isinstance(t, ast.Name) and t.id == "AKSARA" for t in targets):
            return _runtime_section(value, file)
    return {}


def _runtime_section(value: ast.expr, file: Path) -> dict[str, Any]:
    sections = zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ()
    for key, section in sections:
        if isinstance(key, ast.Constant) and key.value == "AI_AGENT_RUNTIME":
            try:
                settings = ast.literal_eval(section)
            except (ValueError, TypeError):
                warnings.warn(
                    f"{file.name}: AI_AGENT_RUNTIME is not a literal and is ignored.", UserWarning, stacklevel=5
                )
                return {}
            return _table(settings, f"{file.name} AKSARA['AI_AGENT_RUNTIME']")
    return {}


def _explain(error: ValidationError, places: Mapping[str, str]) -> str:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0])
        lines.append(f"{name}={problem['input']!r} from {places.get(name, 'the arguments')}: {problem['msg']}")
    return "; ".join(lines)
