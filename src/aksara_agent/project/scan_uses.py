"""Where code orders or filters by a field, and where a route serves something by its id."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .description import UseKind
from .facts import UseFacts
from .scan_django import django_uses
from .scan_lookups import lookups
from .syntax import dotted, last_name

KINDS: dict[str, UseKind] = {
    "order_by": "order_by",
    "where": "filter",
    "filter": "filter",
    "filter_by": "filter",
}
# An ordinary index does not help these.
SEARCHES = {"like", "ilike", "contains", "icontains", "endswith", "match", "regexp_match"}
ROUTE_MAKERS = {
    "get",
    "put",
    "patch",
    "delete",
    "route",
    "api_route",
    "add_api_route",
    "add_url_rule",
    "path",
}
ID_IN_PATH = re.compile(
    r"(?:(?P<plural>[a-z_-]+?)s?/)?[{<](?:int:|uuid:)?(?:(?P<prefix>[a-z_]+)_)?(?:id|pk)(?::\w+)?[}>]"
)


def find_uses(tree: ast.Module) -> list[UseFacts]:
    uses: list[UseFacts] = []
    classes: dict[str, str] = {}
    routes: list[tuple[str, int]] = []
    for node in ast.walk(tree):
        uses += django_uses(node)
        uses += lookups(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in KINDS:
            uses += uses_in_call(node, KINDS[node.func.attr])
        elif isinstance(node, ast.Call) and last_name(node.func) in ROUTE_MAKERS and node.args:
            routes += [(thing, node.lineno) for thing in served_by_id(node.args[0])]
        elif isinstance(node, ast.Name) and node.id[:1].isupper():
            classes[node.id.lower()] = node.id
    uses += [UseFacts(classes[thing], "id", "route", line) for thing, line in routes if thing in classes]
    return uses


def uses_in_call(call: ast.Call, kind: UseKind) -> Iterator[UseFacts]:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "filter_by":
        owner = queried_model(call.func.value)
        if owner:
            yield from (UseFacts(owner, item.arg, kind, call.lineno) for item in call.keywords if item.arg)
        return
    for argument in call.args:
        yield from attributes_in(argument, kind)


def attributes_in(node: ast.AST, kind: UseKind) -> Iterator[UseFacts]:
    """Post.created_at inside conditions, desc(...), and_(...); a text search is its own kind."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SEARCHES:
        kind = "search"
    if isinstance(node, ast.Call) and last_name(node.func) in (
        "select",
        "exists",
        "any",
        "has",
        "lower",
        "upper",
    ):
        # A sub-select is a call of its own; a function around the column hides it from an index.
        return
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        if owner and owner.rpartition(".")[2][:1].isupper() and "(" not in owner:
            yield UseFacts(owner, node.attr, kind, node.lineno)
            return
    for child in ast.iter_child_nodes(node):
        yield from attributes_in(child, kind)


def queried_model(node: ast.expr) -> str | None:
    """The model of session.query(Post)… or select(Post)… further left in the chain."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Call) and last_name(node.func) in ("query", "select") and node.args:
            name = dotted(node.args[0])
            return name if name and "(" not in name else None
        if isinstance(node, ast.Attribute) and node.attr == "query":
            return dotted(node.value)  # Flask-SQLAlchemy: Post.query.filter_by(...)
        node = node.func if isinstance(node, ast.Call) else node.value
    return None


def served_by_id(path: ast.expr) -> set[str]:
    """{"post"} for "/{post_id}" and for "/posts/<int:id>": what the address names, in lower case."""
    text = path.value if isinstance(path, ast.Constant) and isinstance(path.value, str) else ""
    return {
        (match["prefix"] or match["plural"] or "").replace("_", "").replace("-", "")
        for match in ID_IN_PATH.finditer(text.lower())
    }
