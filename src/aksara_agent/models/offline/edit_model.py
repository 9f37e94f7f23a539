"""Adding a column to the source of a model, as its neighbours are written."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from aksara_agent.models.offline.imports import alias_of, with_import
from aksara_agent.models.offline.new_field import NewField

CALLS = ("Column", "mapped_column", "Field")
MODULES = {"datetime": "datetime", "date": "datetime", "Decimal": "decimal"}


class NoStyle(Exception):
    """The model is written in a way that the rules do not know; the text says so."""


def add_field(source: str, model: str, field: NewField) -> tuple[str, int]:
    """The source with the field, and its line. Raises NoStyle."""
    neighbours = _columns(_class(ast.parse(source), model), model)
    if any(_name(node) == field.name for node in neighbours):
        raise NoStyle(f"{model} already has {field.name}")
    last = neighbours[-1]
    style = "mapped" if any(_is_mapped(node) for node in neighbours) else _call(last)
    alias = alias_of(source, "sqlalchemy")
    line, imports = _written(field, style, source, f"{alias}." if alias else "")
    lines = source.splitlines()
    lines.insert(last.end_lineno or last.lineno, " " * last.col_offset + line)
    edited = "\n".join(lines) + "\n"
    for module, name in imports:
        edited = with_import(edited, module, name)
    added = next(node for node in _columns(_class(ast.parse(edited), model), model) if _name(node) == field.name)
    return edited, added.lineno


def _class(tree: ast.Module, model: str) -> ast.ClassDef:
    found = next((node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == model), None)
    if found is None:
        raise NoStyle(f"there is no class {model} in the file")
    return found


def _columns(owner: ast.ClassDef, model: str) -> list[ast.Assign | ast.AnnAssign]:
    """The statements that declare columns."""
    found = [node for node in owner.body if isinstance(node, ast.Assign | ast.AnnAssign) and _is_column(node)]
    if not found:
        raise NoStyle(f"I know no rule for how the columns of {model} are written")
    return found


def _is_column(node: ast.Assign | ast.AnnAssign) -> bool:
    return _call(node) in CALLS or (_is_mapped(node) and _call(node) in ("", "mapped_column"))


def _is_mapped(node: ast.Assign | ast.AnnAssign) -> bool:
    return isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).rpartition(".")[2].startswith("Mapped[")


def _call(node: ast.Assign | ast.AnnAssign) -> str:
    """ "Column" for "name = sa.Column(…)"."""
    return ast.unparse(node.value.func).rpartition(".")[2] if isinstance(node.value, ast.Call) else ""


def _name(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else ""


def _written(field: NewField, style: str, source: str, prefix: str) -> tuple[str, list[tuple[str, str]]]:
    """The statement, and what it has to import."""
    kind = field.column if style == "mapped" else field.column_type
    imports = [] if prefix or kind is None or style == "Field" else [("sqlalchemy", kind.partition("(")[0])]
    arguments = [prefix + kind] if kind else []
    arguments += ["unique=True"] if field.unique else []
    if style in ("Column", "mapped_column"):
        return f"{field.name} = {_as_written(style, source)}({', '.join(arguments)})", imports
    annotation, typing = _optional(field.python, source)
    imports += [*typing, *_python_imports(field.python)]
    if style == "Field":
        length = f", max_length={field.column[7:-1]}" if field.kind == "str" and field.column else ""
        unique = ", unique=True" if field.unique else ""
        return f"{field.name}: {annotation} = Field(default=None{length}{unique})", imports
    value = f" = {_as_written('mapped_column', source)}({', '.join(arguments)})" if arguments else ""
    imports += [("sqlalchemy.orm", "mapped_column")] if value and "orm.mapped_column" not in value else []
    return f"{field.name}: {_as_written('Mapped', source)}[{annotation}]{value}", imports


def _optional(kind: str, source: str) -> tuple[str, Iterable[tuple[str, str]]]:
    if "Optional[" in source:
        return f"Optional[{kind}]", [("typing", "Optional")]
    return f"{kind} | None", []


def _python_imports(kind: str) -> list[tuple[str, str]]:
    return [(MODULES[kind], kind)] if kind in MODULES else []


def _as_written(name: str, source: str) -> str:
    """ "orm.Mapped" where the file reaches it through its module."""
    return next((f"{owner}.{name}" for owner in ("sa", "orm", "so", "db") if f"{owner}.{name}" in source), name)
