"""What Aksara's source means differently: its fields, the fields every model gets, its table names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .facts import ClassFacts, FieldFacts
from .syntax import dotted, keyword_true, keyword_value, last_name

BASES = ("Model", "TenantModel", "AbstractUser", "User")
KEYS = ("ForeignKey", "OneToOne")
NULLABLE = ("JSON", "Array")  # may be NULL unless the source says otherwise
# Bases of the library and the fields they bring: name, type, nullable.
INHERITED: dict[str, list[tuple[str, str, bool]]] = {
    "SoftDeleteModel": [("deleted_at", "DateTime", True)],
    "TenantModel": [("tenant_id", "UUID", False)],
    "AbstractUser": [
        ("email", "Email", False),
        ("hashed_password", "String", False),
        ("is_active", "Boolean", False),
        ("is_staff", "Boolean", False),
        ("is_superuser", "Boolean", False),
        ("metadata", "JSON", True),
    ],
}
INHERITED["User"] = INHERITED["AbstractUser"]
ALWAYS = [("id", "UUID", False), ("created_at", "DateTime", False), ("updated_at", "DateTime", False)]
GENERIC = [("content_type_id", "UUID", True), ("object_id", "String", True)]


def is_aksara_field(call: ast.Call, imports: dict[str, tuple[str, str | None]]) -> bool:
    """fields.String(...), and String(...) or f.String(...) by what the file imports from aksara."""
    name = dotted(call.func) or ""
    head, dot, _ = name.partition(".")
    module, imported = imports.get(head, ("", None))
    if dot:
        return name.rpartition(".")[0].endswith("fields") or (module == "aksara" and imported == "fields")
    return module == "aksara.fields" and name[:1].isupper()


def read_aksara_options(field: FieldFacts, call: ast.Call) -> None:
    """Aksara's defaults: NOT NULL, a key's column ends in _id; db_index makes no index in its migrations."""
    maker = last_name(call.func).removesuffix("Field")
    field.type = maker
    field.column = field.name + "_id" if maker in KEYS else field.name
    named = keyword_value(call, "column_name")
    if maker in KEYS and isinstance(named, ast.Constant):
        field.column = str(named.value)
    nullable = keyword_value(call, "nullable")
    field.nullable = bool(nullable.value) if isinstance(nullable, ast.Constant) else maker in NULLABLE
    field.unique = keyword_true(call, "unique") or maker == "OneToOne"
    field.indexed = False
    field.sensitive = keyword_true(call, "ai_sensitive")


def aksara_fields(
    facts: ClassFacts, path: str, outside: list[str], written: dict[str, tuple[FieldFacts, str]]
) -> dict[str, tuple[FieldFacts, str]]:
    """The written fields and those the library adds; `outside` are the bases that are not the project's."""
    fields: dict[str, tuple[FieldFacts, str]] = {}
    for name, (field, where) in written.items():
        if field.type == "GenericForeignKey":
            fields |= {made.name: (made, where) for made in added(GENERIC, field.line)}
        else:
            fields[name] = (field, where)
    names = [name.rpartition(".")[2] for name in outside]
    brought = [item for name in names for item in INHERITED.get(name, [])]
    for made in added([*brought, *ALWAYS], facts.line):
        fields.setdefault(made.name, (made, path))
    return fields


def added(members: list[tuple[str, str, bool]], line: int) -> Iterator[FieldFacts]:
    for name, kind, nullable in members:
        key = name == "id"
        yield FieldFacts(name, line, kind, name, nullable=nullable, primary_key=key, unique=key, is_column=True)


def aksara_table(facts: ClassFacts) -> str:
    """Its own __tablename__ or Meta.table_name, never an ancestor's; else the plural of its name."""
    return facts.table or plural(snake(facts.name))


def snake(name: str) -> str:
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


def plural(name: str) -> str:
    if name.endswith("y") and len(name) > 1 and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "z", "ch", "sh")) else "s")


def aksara_app(path: str, label: str | None) -> str | None:
    """Meta.app_label, else the folder that holds models.py or models/."""
    folders = path.removesuffix(".py").split("/")
    if "models" not in folders[1:]:
        return label
    return label or folders[folders.index("models", 1) - 1]
