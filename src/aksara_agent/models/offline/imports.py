"""Adding a name to the imports of a module."""

from __future__ import annotations

import ast
import sys

LONGEST = 88


def alias_of(source: str, module: str) -> str | None:
    """ "sa" for "import sqlalchemy as sa", unless names are imported from the module too."""
    tree = ast.parse(source)
    if any(isinstance(node, ast.ImportFrom) and node.module == module for node in tree.body):
        return None
    names = [name for node in tree.body if isinstance(node, ast.Import) for name in node.names]
    return next((name.asname or name.name for name in names if name.name == module), None)


def with_import(source: str, module: str, name: str) -> str:
    """The source, in which ``name`` is imported from ``module``."""
    tree = ast.parse(source)
    found = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == module]
    if any(alias.name == name and alias.asname is None for node in found for alias in node.names):
        return source
    lines = source.splitlines()
    if found:
        first = found[0]
        start, end = first.lineno - 1, first.end_lineno or first.lineno
        lines[start:end] = _statement(module, [ast.unparse(alias) for alias in first.names] + [name])
    else:
        lines = _inserted(lines, tree, module, name)
    return "\n".join(lines) + "\n"


def _statement(module: str, names: list[str]) -> list[str]:
    """Sorted as import sorters do: constants, classes, functions."""
    names = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name.lower()))
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= LONGEST:
        return [line]
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]


def _inserted(lines: list[str], tree: ast.Module, module: str, name: str) -> list[str]:
    """The lines with a new import, in order among those of its kind, else as a block before the others."""
    line = f"from {module} import {name}"
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom) and not _is_future(node)]
    same = [node for node in imports if _is_standard(node) == (module in sys.stdlib_module_names)]
    before = [node for node in same if isinstance(node, ast.Import) or (node.module or "") < module]
    if before:
        place = before[-1].end_lineno or before[-1].lineno
        return [*lines[:place], line, *lines[place:]]
    if same:
        return [*lines[: same[0].lineno - 1], line, *lines[same[0].lineno - 1 :]]
    if imports:
        return [*lines[: imports[0].lineno - 1], line, "", *lines[imports[0].lineno - 1 :]]
    place = next((node.end_lineno or 0 for node in reversed(tree.body[:1]) if _is_docstring(node)), 0)
    return [*lines[:place], *([""] if place else []), line, *lines[place:]]


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_standard(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] in sys.stdlib_module_names
    return node.names[0].name.partition(".")[0] in sys.stdlib_module_names
