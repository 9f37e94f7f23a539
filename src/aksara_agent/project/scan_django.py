"""What Django's source means differently: the options of its fields, and where its managers filter and order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .facts import FieldFacts, UseFacts
from .syntax import constant_text, dotted, keyword_value, last_name

DJANGO_KEYS = {"ForeignKey", "OneToOneField"}
# Not exclude(): an index seldom helps to find what is not there.
QUERIES = {"filter", "get", "get_or_create", "order_by"}
# Lookups an ordinary index can answer.
INDEXABLE = {"exact", "in", "gt", "gte", "lt", "lte", "range", "isnull"}


def is_django_field(call: ast.Call) -> bool:
    """models.CharField(...), CharField(...); Aksara writes fields.String(...)."""
    maker, owner = last_name(call.func), (dotted(call.func) or "").rpartition(".")[0].rpartition(".")[2]
    return owner != "fields" and (maker in DJANGO_KEYS or (maker.endswith("Field") and maker != "Field"))


def read_django_options(field: FieldFacts, call: ast.Call) -> None:
    """Django's defaults: not null, foreign keys and slugs indexed; a first text is a label, not a column."""
    maker = last_name(call.func)
    named = keyword_value(call, "db_column")
    field.column = field.name + "_id" if maker in DJANGO_KEYS else field.name
    if isinstance(named, ast.Constant):
        field.column = str(named.value)
    field.nullable = bool(field.nullable)
    field.unique = field.unique or maker == "OneToOneField"
    wanted = keyword_value(call, "db_index")
    if maker in (*DJANGO_KEYS, "SlugField") and not (isinstance(wanted, ast.Constant) and wanted.value is False):
        field.indexed = True


def django_uses(node: ast.AST) -> Iterator[UseFacts]:
    """Post.objects.filter(author=…), Post.objects.order_by("-created_at"), and ordering in a model's Meta."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUERIES:
        owner = managed_model(node.func.value)
        if owner and node.func.attr == "order_by":
            yield from orders(owner, node.args)
        elif owner:
            for keyword in node.keywords:
                field, _, lookup = (keyword.arg or "").partition("__")
                if field and (not lookup or lookup in INDEXABLE):
                    yield UseFacts(owner, field, "filter", node.lineno)
    elif isinstance(node, ast.ClassDef):
        for inner in node.body:
            if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
                for item in inner.body:
                    if isinstance(item, ast.Assign) and last_name(item.targets[0]) == "ordering":
                        yield from orders(node.name, getattr(item.value, "elts", []))


def orders(owner: str, names: list[ast.expr]) -> Iterator[UseFacts]:
    for name in names:
        text = (constant_text(name, {}) or "").lstrip("-")
        if text and "__" not in text and text.isidentifier():
            yield UseFacts(owner, text, "order_by", name.lineno)


def managed_model(node: ast.expr) -> str | None:
    """ "Post" of Post.objects and of everything chained to it."""
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "objects":
            return dotted(node.value)
        node = node.func if isinstance(node, ast.Call) else node.value
    return None
