"""``aksara-agent config``: every setting, its value and where it came from; and where the API key would."""

from __future__ import annotations

import argparse
import json
import os
import sys
import warnings
from typing import Any, TypedDict

from aksara_agent.cli.visible import visible
from aksara_agent.context import Context
from aksara_agent.project import Project
from aksara_agent.project.worker.masking import mask_password
from aksara_agent.settings import load_settings

WIDEST_VALUE = 30


class Key(TypedDict):
    """Where the API key of a model would come from; whether it is there, never what it is."""

    model: str
    source: str
    set: bool | None


def config(options: argparse.Namespace) -> int:
    """Print the settings. Raises ConfigurationError and ProjectError."""
    root = Project.open(options.project).root
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = load_settings(root)
    for warning in caught:
        print(f"aksara-agent: warning: {visible(str(warning.message))}", file=sys.stderr)
    values = _masked(loaded.context.model_dump(mode="json", exclude={"project"}))
    rows = {name: {"value": value, "from": loaded.places[name]} for name, value in values.items()}
    keys = api_keys(loaded.context)
    if options.json:
        print(json.dumps({"project": str(root), "settings": rows, "api_keys": keys}, indent=2))
    else:
        _print_table(rows, keys)
    return 0


def api_keys(context: Context) -> list[Key]:
    """For each model that the settings name."""
    return [_key(name, context.base_url) for name in (context.model or "offline", *context.fallback_models)]


def _key(model: str, base_url: str | None) -> Key:
    provider, separator, _ = model.partition(":")
    if model == "offline":
        return {"model": model, "source": "none needed", "set": None}
    if provider == "openai" or (base_url and not separator):
        unneeded = "; a server at base_url may need none" if base_url else ""
        return {"model": model, "source": f"OPENAI_API_KEY{unneeded}", "set": _is_set("OPENAI_API_KEY")}
    if not separator:
        return {"model": model, "source": "unknown: the name has no provider", "set": None}
    usual = f"{provider.upper().replace('-', '_')}_API_KEY"
    return {"model": model, "source": f"the variable of {provider}, usually {usual}", "set": _is_set(usual)}


def _is_set(variable: str) -> bool:
    return bool(os.environ.get(variable))


def _masked(value: Any) -> Any:
    """The value with the passwords of its URLs masked."""
    if isinstance(value, str):
        return mask_password(value)
    if isinstance(value, list):
        return [_masked(item) for item in value]
    return {name: _masked(item) for name, item in value.items()} if isinstance(value, dict) else value


def _print_table(rows: dict[str, dict[str, Any]], keys: list[Key]) -> None:
    """One line a setting; a value of unusual length pushes its place to the right."""
    lines = [(name, _words(row["value"]), _short(row["from"])) for name, row in rows.items()]
    states = {True: "set", False: "not set", None: "-"}
    lines += [("API key", f"{key['model']}: {states[key['set']]}", key["source"]) for key in keys]
    first = max(len(name) for name, _, _ in lines)
    second = min(max(len(value) for _, value, _ in lines), WIDEST_VALUE)
    for name, value, place in lines:
        print(f"{name:{first}}  {visible(value):{second}}  {visible(place)}")


def _short(place: str) -> str:
    """The file or the variable alone, so that a line fits a terminal; the JSON has the place in full."""
    return place.removeprefix("environment variable ").partition(" ")[0]


def _words(value: Any) -> str:
    """A value as it is written in an environment variable, as far as it can be."""
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    if value is None:
        return "none"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
