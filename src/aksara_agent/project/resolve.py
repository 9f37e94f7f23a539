"""Follows names across files: from "Base" in models/post.py to the class, or to an outside library."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .facts import FileFacts


class ClassPlace(NamedTuple):
    """A class of the project."""

    path: str
    name: str


class Resolver:
    """Resolves dotted names; reads further files through `facts_of` only when a chain leads there."""

    def __init__(self, paths: list[str], facts_of: Callable[[str], FileFacts]) -> None:
        self.paths = set(paths)
        self.facts_of = facts_of
        self.by_ending: dict[str, list[str]] = {}
        for path in paths:
            name = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
            self.by_ending.setdefault(name, []).append(path)

    def resolve(self, path: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()) -> ClassPlace | str:
        """The class, or the dotted name outside the project ("sqlalchemy.orm.declarative_base()")."""
        if (path, name) in seen or len(seen) > 40:
            return name
        seen = seen | {(path, name)}
        facts = self.facts_of(path)
        head, dot, rest = name.partition(".")
        if head in facts.classes and not rest:
            return ClassPlace(path, head)
        if head in facts.aliases:
            return self.resolve(path, facts.aliases[head] + dot + rest, seen)
        if head in facts.calls:
            return self.outside(self.resolve(path, facts.calls[head], seen), "()" + dot + rest)
        if head.endswith("()"):
            return self.outside(self.resolve(path, head[:-2], seen), "()" + dot + rest)
        if head in facts.imports:
            return self.follow_import(path, facts.imports[head], rest, seen)
        for module in facts.star_imports:
            source = self.module_file(path, module)
            found = self.resolve(source, name, seen) if source else None
            if isinstance(found, ClassPlace):
                return found
        return name

    def outside(self, found: ClassPlace | str, ending: str) -> str:
        return (found if isinstance(found, str) else found.name) + ending

    def follow_import(
        self, path: str, target: tuple[str, str | None], rest: str, seen: frozenset[tuple[str, str]]
    ) -> ClassPlace | str:
        module, name = target
        parts = [part for part in [name or "", *rest.split(".")] if part]
        # `import app.models` then app.models.post.Post: the longest part that is a file is the module.
        for cut in range(len(parts) - 1, -1, -1):
            separator = "/" if module.startswith("/") else "."
            source = self.module_file(path, separator.join([module, *parts[:cut]]))
            if source and source != path:
                return self.resolve(source, ".".join(parts[cut:]), seen)
        return ".".join([module, *parts])

    def module_file(self, importer: str, module: str) -> str | None:
        """The file of a module: exact for relative imports, else the one nearest to the importer."""
        if module.startswith("/"):
            base = module.strip("/")
            options = [f"{base}.py", f"{base}/__init__.py"] if base else ["__init__.py"]
            return next((option for option in options if option in self.paths), None)
        tail = module.replace(".", "/")
        found = [
            path
            for path in self.by_ending.get(tail.rpartition("/")[2], [])
            if ("/" + path.removesuffix("/__init__.py").removesuffix(".py")).endswith("/" + tail)
        ]
        return max(found, key=lambda path: (common_start(path, importer), -len(path)), default=None)


def common_start(one: str, other: str) -> int:
    """How many folders two paths share from the root."""
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
