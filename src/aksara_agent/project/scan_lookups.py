"""Where code looks a row up by one field and takes for granted that there is at most one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .facts import UseFacts
from .syntax import dotted

ONE = {"one", "one_or_none", "scalar_one", "scalar_one_or_none", "exists"}
CONDITIONS = ("where", "filter")


def lookups(node: ast.AST) -> Iterator[UseFacts]:
    """`if session.scalar(select(User).where(User.email == …))`, and queries that end in one_or_none()."""
    asked: ast.expr | None = node.test if isinstance(node, ast.If) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ONE:
        asked = node.func.value
    if asked is None:
        return
    conditions = [item for call in ast.walk(asked) for item in conditions_of(call)]
    if len(conditions) == 1 and (fact := equality(conditions[0])) is not None:
        yield fact


def conditions_of(call: ast.AST) -> list[ast.expr]:
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in CONDITIONS:
        return call.args
    return []


def equality(condition: ast.expr) -> UseFacts | None:
    """The field of "User.email == address"."""
    if not isinstance(condition, ast.Compare) or not isinstance(condition.ops[0], ast.Eq):
        return None
    left = condition.left
    owner = dotted(left.value) if isinstance(left, ast.Attribute) else None
    if not isinstance(left, ast.Attribute) or not owner or not owner.rpartition(".")[2][:1].isupper() or "(" in owner:
        return None
    return UseFacts(owner, left.attr, "lookup", condition.lineno)
