"""Reads ``AKSARA["AI_AGENT_RUNTIME"]`` from source, only where running the source could give nothing else."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import Any

NAME, SECTION = "AKSARA", "AI_AGENT_RUNTIME"
# With these a module can change its own names without spelling them out.
REACHES_NAMES = frozenset(
    {"globals", "locals", "vars", "exec", "eval", "setattr", "delattr", "__dict__", "modules", "_getframe"}
)
REACHES_IMPORTERS = "split_settings"  # its include() runs other files in the module that calls it


class NotLiteral(Exception):
    """The settings cannot be read without running the module; the text says why, as in "because …"."""


def read_literal(source: bytes) -> Any:
    """The section, {} where the module sets none. Raises NotLiteral."""
    tree = _parsed(source)
    if tree is None:
        return {}
    first = next((node for node in tree.body if _assigned(node) is not None), None)
    if doubts := sorted(_doubts(tree, first)):
        line, what = doubts[0]
        raise NotLiteral(f"line {line} {what}")
    value = _assigned(first) if first else None
    return {} if value is None else _section(value)


def _parsed(source: bytes) -> ast.Module | None:
    """The syntax tree; None for a broken file without the section, which the project scan reports."""
    try:
        with warnings.catch_warnings():  # about the project's own code, which is not ours to judge
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if SECTION.encode() not in source:
            return None
        raise NotLiteral(f"it cannot be parsed ({error})") from None  # the project's Python may be newer than ours


def _assigned(node: ast.stmt) -> ast.expr | None:
    """The value of ``AKSARA = …``; with a second target the same mapping has a second name to be changed by."""
    match node:
        case ast.Assign(targets=[ast.Name(id="AKSARA")], value=value):
            return value
        case ast.AnnAssign(target=ast.Name(id="AKSARA"), value=ast.expr() as value):
            return value
    return None


def _doubts(tree: ast.Module, first: ast.stmt | None) -> Iterator[tuple[int, str]]:
    """Each line, with the reason, where AKSARA could get another value than its first assignment says."""
    for node in _in_doubt(tree, first):
        line, words = getattr(node, "lineno", 1), set(_words(node))
        if NAME in words:
            yield line, f"uses {NAME} beyond one assignment of a literal at the top level"
        elif isinstance(node, ast.Constant):
            continue
        elif reaching := sorted(words & REACHES_NAMES):
            yield line, f"has {reaching[0]!r}, which can change {NAME}"
        elif any(word.partition(".")[0] == REACHES_IMPORTERS for word in words):
            yield line, f"uses {REACHES_IMPORTERS}, which can change {NAME}"
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and (not first or line >= first.lineno):
            yield line, f"imports everything from a module that may set {NAME}"


def _in_doubt(tree: ast.Module, first: ast.stmt | None) -> Iterator[ast.AST]:
    """All nodes but the target and the texts of the first assignment, and bare annotations, which assign nothing."""
    settled: set[ast.AST] = set()
    for node in ast.walk(tree):  # parents come before their children
        if node is first:
            settled.update(part for part in ast.walk(node) if isinstance(part, ast.Constant))
            settled.add(node.targets[0] if isinstance(node, ast.Assign) else node.target)  # type: ignore[attr-defined]
        elif isinstance(node, ast.AnnAssign) and node.value is None:
            settled.add(node.target)
        if node not in settled:
            yield node


def _words(node: ast.AST) -> Iterator[str]:
    """Every name and text that stands in the node itself."""
    for _, value in ast.iter_fields(node):
        yield from (item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str))


def _section(value: ast.expr) -> Any:
    """The section in the display of AKSARA; its other parts may be computed."""
    if not isinstance(value, ast.Dict):
        whole = _evaluated(value)
        return whole.get(SECTION, {}) if isinstance(whole, dict) else {}
    keys = [key.value if isinstance(key, ast.Constant) else None for key in value.keys]
    last = max((index for index, key in enumerate(keys) if key == SECTION), default=-1)
    if None in keys[last + 1 :]:  # what is spread or computed there may be the section
        raise NotLiteral(f"line {value.lineno} computes keys of {NAME}")
    return _evaluated(value.values[last]) if last >= 0 else {}


def _evaluated(value: ast.expr) -> Any:
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise NotLiteral(f"line {value.lineno} computes a value") from None
