"""Reads one Python file into facts. Nothing is imported or executed."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from .facts import ClassFacts, EngineFacts, FileFacts
from .files import read_source
from .scan_fields import read_body
from .scan_uses import find_uses
from .syntax import constant_text, dotted

# create_engine, create_async_engine, engine_from_config, and the project's own make_database_engine.
ENGINE_MAKER = re.compile(r"(^|_)engine(_|$)")


def scan_file(root: Path, path: str) -> FileFacts:
    """The facts of one file; a file that cannot be read has only a `problem`, "path:line: reason"."""
    try:
        return scan_text(read_source(root / path), path)
    except SyntaxError as error:
        # A bad coding line or bytes that do not decode are also reported as SyntaxError by tokenize.
        place = f"{path}:{error.lineno}" if error.lineno else path
        return FileFacts(path, problem=f"{place}: syntax error: {error.msg}")
    except (OSError, UnicodeError, ValueError, RecursionError) as error:
        return FileFacts(path, problem=f"{path}: cannot be read: {error}")


def scan_text(text: str, path: str) -> FileFacts:
    """The facts of a source text. Raises SyntaxError, ValueError, RecursionError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in the user's file is not ours to report
        tree = ast.parse(text, path)
    facts = FileFacts(path)
    for statement in top_level(tree.body):
        read_statement(facts, statement)
    facts.uses = find_uses(tree)
    return facts


def top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Module-level statements, also those under if, try and with (TYPE_CHECKING, optional imports)."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for part in ("body", "orelse", "finalbody"):
                yield from top_level(getattr(statement, part, []))
            for handler in getattr(statement, "handlers", []):
                yield from top_level(handler.body)


def read_statement(facts: FileFacts, statement: ast.stmt) -> None:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            facts.imports[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0],
                None,
            )
    elif isinstance(statement, ast.ImportFrom):
        read_import_from(facts, statement)
    elif isinstance(statement, ast.ClassDef):
        facts.classes[statement.name] = read_class(statement, facts.imports)
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        read_assignment(facts, statement.targets[0], statement.value)
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        read_assignment(facts, statement.target, statement.value)


def read_import_from(facts: FileFacts, statement: ast.ImportFrom) -> None:
    module = imported_module(facts.path, statement)
    for alias in statement.names:
        if alias.name == "*":
            facts.star_imports.append(module)
        else:
            facts.imports[alias.asname or alias.name] = (module, alias.name)


def imported_module(path: str, statement: ast.ImportFrom) -> str:
    """A dotted name, or for a relative import "/" and the path from the project root."""
    if not statement.level:
        return statement.module or ""
    folder = path.split("/")[: -statement.level]
    return "/" + "/".join([*folder, *(statement.module or "").split(".")]).strip("/")


def read_assignment(facts: FileFacts, target: ast.expr, value: ast.expr) -> None:
    if not isinstance(target, ast.Name) or target.id in facts.imports:
        return  # `except ImportError: Base = object` does not make the import another thing
    if isinstance(value, ast.Call):
        callee = dotted(value.func)
        if callee:
            facts.calls[target.id] = callee
        if callee and ENGINE_MAKER.search(callee.rpartition(".")[2]):
            url = constant_text(value.args[0], facts.strings) if value.args else None
            facts.engines.append(EngineFacts(target.id, facts.path, value.lineno, url))
    elif name := dotted(value):
        facts.aliases[target.id] = name
    if text := constant_text(value, facts.strings):
        facts.strings[target.id] = text


def read_class(node: ast.ClassDef, imports: dict[str, tuple[str, str | None]]) -> ClassFacts:
    bases = [name for base in node.bases if (name := dotted(base))]
    decorators = [dotted(item.func if isinstance(item, ast.Call) else item) or "" for item in node.decorator_list]
    is_table = any(
        keyword.arg == "table" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
        for keyword in node.keywords
    )
    facts = ClassFacts(node.name, node.lineno, bases, decorators, is_table, abstract=False, imports=imports)
    read_body(facts, node.body)
    return facts
