"""The fields, relations and table name in the body of a model class."""

from __future__ import annotations

import ast
import re

from .facts import ClassFacts, FieldFacts, RelationFacts
from .scan_aksara import is_aksara_field, read_aksara_options
from .scan_django import is_django_field, read_django_options
from .syntax import dotted, keyword_true, keyword_value, last_name

COLUMN_MAKERS = {"Column", "mapped_column", "Field"}
RELATION_MAKERS = {
    "relationship",
    "Relationship",
    "dynamic_loader",
    "association_proxy",
    "synonym",
    "column_property",
}
MANY_TO_MANY = {"ManyToManyField", "ManyToMany"}
FOREIGN_FIELDS = {"ForeignKey", "ForeignKeyField", "OneToOneField", "OneToOne"} | MANY_TO_MANY
NOT_COLUMNS = {"ClassVar", "InitVar", "AssociationProxy", "WriteOnlyMapped", "DynamicMapped", "ConfigDict"}


def read_body(facts: ClassFacts, body: list[ast.stmt]) -> None:
    for statement in body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            read_member(facts, statement.target.id, statement.value, statement.annotation, statement.lineno)
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            read_member(facts, statement.targets[0].id, statement.value, None, statement.lineno)
        elif isinstance(statement, ast.FunctionDef):
            read_declared(facts, statement)
        elif isinstance(statement, ast.ClassDef) and statement.name == "Meta":
            read_meta(facts, statement)


def read_member(facts: ClassFacts, name: str, value: ast.expr | None, annotation: ast.expr | None, line: int) -> None:
    if name == "__abstract__":
        facts.abstract = isinstance(value, ast.Constant) and bool(value.value)
    elif name in ("__tablename__", "__table__"):
        facts.names_table = True
        facts.table = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None
    elif name == "label" and isinstance(value, ast.Constant):
        facts.label = str(value.value)
    elif not name.startswith("__"):
        add_member(facts, name, value, annotation, line)


def add_member(facts: ClassFacts, name: str, value: ast.expr | None, annotation: ast.expr | None, line: int) -> None:
    maker = last_name(value.func) if isinstance(value, ast.Call) else ""
    if maker in RELATION_MAKERS or maker in MANY_TO_MANY:
        facts.relations.append(RelationFacts(name, line, relation_target(value, annotation)))
    elif annotation is not None and last_name(annotation) in NOT_COLUMNS:
        return
    elif isinstance(value, ast.Call) and is_aksara_field(value, facts.imports):
        field = read_field(name, value, annotation, line)
        read_aksara_options(field, value)
        facts.fields.append(field)
    elif isinstance(value, ast.Call) and (maker in COLUMN_MAKERS or is_framework_field(value, maker)):
        facts.fields.append(read_field(name, value, annotation, line))
    elif annotation is not None:
        facts.fields.append(read_field(name, None, annotation, line))


def is_framework_field(value: ast.Call, maker: str) -> bool:
    """Django's fields, and those of libraries like it: models.CharField(...)."""
    return maker.endswith("Field") or maker in FOREIGN_FIELDS


def read_declared(facts: ClassFacts, function: ast.FunctionDef) -> None:
    """@declared_attr methods of mixins: a column, a relation, or a computed table name."""
    if not any("declared_attr" in (dotted(item) or "") for item in function.decorator_list):
        return
    if function.name == "__tablename__":
        facts.names_table = True
        return
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            add_member(facts, function.name, node.value, None, function.lineno)


def read_meta(facts: ClassFacts, meta: ast.ClassDef) -> None:
    """Django's and Aksara's inner Meta: abstract, db_table, proxy, app_label."""
    for statement in meta.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            name = last_name(statement.targets[0])
            if name == "abstract":
                facts.abstract = bool(statement.value.value)
            elif name == "proxy":
                facts.proxy = bool(statement.value.value)
            elif name == "app_label":
                facts.label = str(statement.value.value)
            elif name in ("db_table", "table_name", "table"):
                facts.table = str(statement.value.value)


def read_field(name: str, call: ast.Call | None, annotation: ast.expr | None, line: int) -> FieldFacts:
    shown = ast.unparse(annotation) if annotation is not None else None
    field = FieldFacts(name, line, field_type(call, annotation), name, shown)
    if shown is not None:
        inner = mapped_inner(annotation)
        field.nullable = "None" in inner or "Optional" in inner
    field.is_column = call is not None or last_name(annotation or ast.Constant("")) == "Mapped"
    if call is None:
        return field
    if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        field.column = call.args[0].value
    for option in ("nullable", "null"):
        value = keyword_value(call, option)
        if isinstance(value, ast.Constant):
            field.nullable = bool(value.value)
    field.primary_key = keyword_true(call, "primary_key")
    field.unique = keyword_true(call, "unique")
    field.indexed = keyword_true(call, "index") or keyword_true(call, "db_index")
    if is_django_field(call):
        read_django_options(field, call)
    default = keyword_value(call, "default") or keyword_value(call, "default_factory")
    field.default = ast.unparse(default) if default is not None else None
    field.foreign_key = foreign_key(call)
    return field


def mapped_inner(annotation: ast.expr | None) -> str:
    """ "int | None" of Mapped[int | None]."""
    if isinstance(annotation, ast.Subscript) and last_name(annotation) == "Mapped":
        annotation = annotation.slice
    if isinstance(annotation, ast.Constant):
        return str(annotation.value)
    return ast.unparse(annotation) if annotation is not None else ""


def field_type(call: ast.Call | None, annotation: ast.expr | None) -> str:
    """ "String(200)" as written, without the module before it; else what the annotation says."""
    if call is not None:
        if last_name(call.func) not in COLUMN_MAKERS:
            return last_name(call.func)
        types = [keyword_value(call, "type_"), keyword_value(call, "sa_type"), *call.args]
        for argument in types:
            if argument is None or isinstance(argument, ast.Constant | ast.Starred):
                continue
            if last_name(getattr(argument, "func", argument)) not in (
                "ForeignKey",
                "Identity",
                "Sequence",
                "Computed",
            ):
                text = ast.unparse(argument)
                head, bracket, rest = text.partition("(")
                return head.rpartition(".")[2] + bracket + rest
    return mapped_inner(annotation)


def foreign_key(call: ast.Call) -> str | None:
    """The target of ForeignKey("users.id"), SQLModel's foreign_key=, or Django's ForeignKey(User)."""
    given = keyword_value(call, "foreign_key")
    if isinstance(given, ast.Constant):
        return str(given.value)
    candidates = [call, *(argument for argument in call.args if isinstance(argument, ast.Call))]
    for candidate in candidates:
        target = keyword_value(candidate, "to") or (candidate.args[0] if candidate.args else None)
        if last_name(candidate.func) in FOREIGN_FIELDS and target is not None:
            return str(target.value) if isinstance(target, ast.Constant) else dotted(target)
    return None


def relation_target(value: ast.expr | None, annotation: ast.expr | None) -> str:
    if isinstance(value, ast.Call) and (value.args or keyword_value(value, "to")):
        first = value.args[0] if value.args else keyword_value(value, "to")
        assert first is not None
        return str(first.value) if isinstance(first, ast.Constant) else dotted(first) or ""
    names = re.findall(r"[A-Za-z_][\w.]*", mapped_inner(annotation))
    return next((name for name in reversed(names) if name not in ("None", "Optional")), "")
