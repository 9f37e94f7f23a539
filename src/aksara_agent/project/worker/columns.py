"""One column or index as data."""

from __future__ import annotations

from typing import Any

from .mapped import hidden_field


def describe_field(name: str, column: Any, leading: set[Any]) -> dict[str, Any]:
    """`indexed` is true when a lookup by this column alone can use an index."""
    targets = sorted(key.target_fullname for key in column.foreign_keys)
    return {
        "name": name,
        "column": column.name,
        "type": type_text(column.type),
        "nullable": bool(column.nullable),
        "primary_key": bool(column.primary_key),
        "unique": is_unique(column),
        "indexed": column in leading,
        "default": default_text(column),
        "foreign_key": targets[0] if targets else None,
        "hidden": hidden_field(name, column),
    }


def is_unique(column: Any) -> bool:
    """True when no two rows can hold the same value in this column alone."""
    table = column.table
    groups = [list(index.columns) for index in table.indexes if index.unique]
    groups += [list(c.columns) for c in table.constraints if type(c).__name__ == "UniqueConstraint"]
    groups.append(list(table.primary_key.columns))
    return any(len(group) == 1 and group[0] is column for group in groups)


def type_text(kind: Any) -> str:
    """ "String(200)", "Numeric(10, 2)", "Enum('draft', 'live')", "DateTime(timezone=True)"."""
    name = type(kind).__name__
    if getattr(kind, "enums", None):
        return "{}({})".format(name, ", ".join(repr(value) for value in kind.enums))
    if getattr(kind, "length", None):
        return "{}({})".format(name, kind.length)
    if getattr(kind, "precision", None):
        scale = getattr(kind, "scale", None)
        return "{}({})".format(name, kind.precision if scale is None else "{}, {}".format(kind.precision, scale))
    if getattr(kind, "timezone", False) is True:
        return name + "(timezone=True)"
    return name


def default_text(column: Any) -> str | None:
    """What fills the column when nothing is given: a value, a function's name, or the server's expression."""
    default = column.default
    if default is not None:
        if getattr(default, "is_callable", False):
            function = default.arg
            return "{}()".format(getattr(function, "__qualname__", type(function).__name__))
        if hasattr(default, "arg"):
            return str(default.arg) if getattr(default, "is_clause_element", False) else repr(default.arg)
        return str(default)
    server = column.server_default
    if server is None:
        return None
    return "server: " + str(getattr(server, "arg", None) or getattr(server, "sqltext", server))


def describe_index(index: Any) -> dict[str, Any]:
    names = [getattr(expression, "name", None) or str(expression) for expression in index.expressions]
    return {"name": str(index.name), "columns": names, "unique": bool(index.unique)}
