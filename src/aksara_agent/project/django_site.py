"""Where a Django project is set up: its manage.py and its settings module, with the evidence for both."""

from __future__ import annotations

import ast
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from .django_settings import best_settings, settings_files
from .files import is_test, read_source
from .scan import Scan
from .syntax import constant_text, dotted, last_name

VARIABLE = "DJANGO_SETTINGS_MODULE"
INI_FILES = ("pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini")
INI_LINE = re.compile(rf"^\s*{VARIABLE}\s*=\s*[\"']?([\w.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DjangoSite:
    """`settings` is None when nothing names any; `reason` says what named it, `guessed` that we had to choose."""

    folder: str  # of manage.py, relative to the project root
    manage: str | None
    settings: str | None
    reason: str
    guessed: bool = False


def find_site(root: Path, scan: Scan) -> DjangoSite:
    """The environment, manage.py, wsgi.py, the test configuration, then the settings files themselves."""
    manage = best_manage(scan)
    folder = manage.rpartition("/")[0] if manage else ""
    if os.environ.get(VARIABLE):
        return DjangoSite(folder, manage, os.environ[VARIABLE], f"environment variable {VARIABLE}")
    entries = [file.path for file in scan.files if file.path.rpartition("/")[2] in ("wsgi.py", "asgi.py")]
    for path in [*([manage] if manage else []), *sorted(entries, key=lambda path: (is_test(path), path))]:
        named = named_settings(root, path)
        if named:
            return DjangoSite(folder, manage, named[0], f"{path}:{named[1]}")
    for name in INI_FILES:
        with suppress(OSError, UnicodeError):
            found = INI_LINE.search((root / folder / name).read_text(encoding="utf-8"))
            if found:
                return DjangoSite(folder, manage, found[1], f"{name}, which configures the tests", guessed=True)
    return from_files(root, scan, folder, manage)


def from_files(root: Path, scan: Scan, folder: str, manage: str | None) -> DjangoSite:
    candidates = settings_files(root, [file.path for file in scan.files])
    if not candidates:
        reason = (
            f"no Django settings module was found under {root}: set {VARIABLE} in the environment of the agent, "
            "e.g. mysite.settings"
        )
        return DjangoSite(folder, manage, None, reason)
    path, why = best_settings(candidates)
    module = scan.roots.module_of(path)
    return DjangoSite(folder or scan.roots.root_of(path), manage, module, f"{path}, {why}", guessed=True)


def best_manage(scan: Scan) -> str | None:
    """Of several manage.py files the one with most models below it."""
    models = [model.summary["file"] for model in scan.models if model.summary["framework"] == "django"]
    found = [file.path for file in scan.files if file.path.rpartition("/")[2] == "manage.py"]
    below = {path: sum(model.startswith(path.removesuffix("manage.py")) for model in models) for path in found}
    return max(found, key=lambda path: (below[path], -path.count("/")), default=None)


def named_settings(root: Path, path: str) -> tuple[str, int] | None:
    """The settings module a file puts into the environment, and the line; a test's own only when there is no other."""
    try:
        tree = ast.parse(read_source(root / path))
    except (OSError, SyntaxError, ValueError):
        return None
    found = [item for node in ast.walk(tree) if (item := setting_in(node))]
    return min(found, key=lambda item: ("test" in item[0], item[1]), default=None)


def setting_in(node: ast.AST) -> tuple[str, int] | None:
    """os.environ.setdefault(VARIABLE, "x.settings"), os.environ[VARIABLE] = "x.settings", os.getenv(…, "x")."""
    if isinstance(node, ast.Call) and len(node.args) > 1 and last_name(node.func) in ("setdefault", "getenv", "get"):
        value = constant_text(node.args[1], {})
        if isinstance(node.args[0], ast.Constant) and node.args[0].value == VARIABLE and value:
            return value, node.lineno
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        target = node.targets[0]
        value = constant_text(node.value, {})
        is_ours = isinstance(target.slice, ast.Constant) and target.slice.value == VARIABLE
        if value and is_ours and (dotted(target.value) or "").endswith("environ"):
            return value, node.lineno
    return None
