"""Small readings of syntax trees: dotted names and constant texts."""

from __future__ import annotations

import ast


def dotted(node: ast.AST) -> str | None:
    """ "db.Model" for an attribute, "declarative_base()" for a call, "Base" for Base[int]; else None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner else None
    if isinstance(node, ast.Subscript):
        return dotted(node.value)
    if isinstance(node, ast.Call):
        callee = dotted(node.func)
        return f"{callee}()" if callee else None
    return None


def last_name(node: ast.AST) -> str:
    """The last part of a dotted name, "" when there is none."""
    return (dotted(node) or "").rpartition(".")[2]


def constant_text(node: ast.expr, known: dict[str, str]) -> str | None:
    """A string the source spells out: a literal, a known name, or the default of an environment lookup."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Call) and last_name(node.func) in ("getenv", "get", "setdefault") and len(node.args) > 1:
        return constant_text(node.args[1], known)
    return None


def keyword_value(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def keyword_true(call: ast.Call, name: str) -> bool:
    value = keyword_value(call, name)
    return isinstance(value, ast.Constant) and value.value is True
