"""Which modules of a project hold its settings."""

from __future__ import annotations

import ast
import os
import warnings
from pathlib import Path
from typing import NamedTuple

VARIABLE = "DJANGO_SETTINGS_MODULE"


class SettingsModule(NamedTuple):
    """A settings module: its dotted name, and its file relative to the project."""

    name: str
    path: str


def settings_modules(root: Path) -> list[SettingsModule]:
    """The project's ``settings``, and for Django the one that it really uses; the stronger comes last."""
    found = [_module(root, "settings")]
    if (root / "manage.py").is_file():
        named = (_module(root, name) for name in (os.environ.get(VARIABLE), _named_in(root / "manage.py")) if name)
        found.append(next((module for module in named if module), None))
    return list(dict.fromkeys(module for module in found if module))


def _module(root: Path, name: str) -> SettingsModule | None:
    """The module, if its file is in the project; a package goes before a file, as when it is imported."""
    if not all(part.isidentifier() for part in name.split(".")):
        return None
    base = name.replace(".", "/")
    paths = (f"{base}/__init__.py", f"{base}.py")
    return next((SettingsModule(name, path) for path in paths if (root / path).is_file()), None)


def _named_in(manage: Path) -> str | None:
    """The value that manage.py gives DJANGO_SETTINGS_MODULE, where it is a literal."""
    try:
        with warnings.catch_warnings():  # about the project's own code, which is not ours to judge
            warnings.simplefilter("ignore")
            tree = ast.parse(manage.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=[ast.Constant(value=key), ast.Constant(value=str(name))]) if key == VARIABLE:
                return name
            case ast.Assign(
                targets=[ast.Subscript(slice=ast.Constant(value=key))], value=ast.Constant(value=str(name))
            ) if key == VARIABLE:
                return name
    return None
