"""Finds every model of a project without importing it. Unchanged files are not read twice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from .description import Use
from .facts import EngineFacts, FileFacts, UseFacts
from .files import SourceFile, fingerprint, is_migration, is_test, python_files
from .migrations import Migrations, find_migrations
from .resolve import ClassPlace, Resolver
from .scan_file import scan_file
from .scan_models import ModelFinder, StaticModel
from .source_roots import SourceRoots

# A file without any of these words can only matter when another file's names lead to it.
WORTH_READING = re.compile(
    rb"sqlalchemy|sqlmodel|django|aksara|Mapped|Column\(|__tablename__|Base\b|\.Model\b|create_engine|create_async_engine"
    rb"|order_by|filter|\.where\(|\.(get|put|patch|delete|\w*route|add_url_rule)\(\s*[\"']"
)
CLASS_BASES = re.compile(rb"^class\s+\w+\s*\(([^)]*)\)", re.MULTILINE)
WORD = re.compile(rb"\w+")


@dataclass(slots=True)
class Scan:
    """The project as its source tells it."""

    fingerprint: str
    files: list[SourceFile]
    models: list[StaticModel] = field(default_factory=list)
    engines: list[EngineFacts] = field(default_factory=list)
    uses: list[tuple[ClassPlace, Use]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    migrations: Migrations | None = None
    roots: SourceRoots = field(default_factory=lambda: SourceRoots([], []))
    imported: set[str] = field(default_factory=set)  # files that another file imports


@dataclass(slots=True)
class Glance:
    """What the cheap look at a file found: worth reading, and the words in its class headers."""

    file: SourceFile
    worth_reading: bool
    bases: frozenset[bytes]
    facts: FileFacts | None = None


class Scanner:
    """Scans one project again and again; `scan()` is cheap when nothing changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.glances: dict[str, Glance] = {}
        self.last: Scan | None = None

    def scan(self) -> Scan:
        files = python_files(self.root)
        mark = fingerprint(self.root, files)
        if self.last is None or self.last.fingerprint != mark:
            self.glances = {file.path: self.glance(file) for file in files}
            self.last = self.read(Scan(mark, files))
        return self.last

    def glance(self, file: SourceFile) -> Glance:
        known = self.glances.get(file.path)
        if known is not None and known.file == file:
            return known
        try:
            content = (self.root / file.path).read_bytes()
        except OSError:
            return Glance(file, worth_reading=True, bases=frozenset())  # reading it again reports why
        words = {word for bases in CLASS_BASES.findall(content) for word in WORD.findall(bases)}
        return Glance(file, WORTH_READING.search(content) is not None, frozenset(words))

    def facts_of(self, path: str) -> FileFacts:
        glance = self.glances[path]
        if glance.facts is None:
            glance.facts = scan_file(self.root, path)
        return glance.facts

    def read(self, scan: Scan) -> Scan:
        resolver = Resolver(list(self.glances), self.facts_of)
        finder = ModelFinder(resolver)
        pending = [path for path, glance in self.glances.items() if glance.worth_reading]
        done: set[str] = set()
        while pending:
            for path in pending:
                if not is_test(path) and not is_migration(path):
                    scan.models += self.models_in(path, finder)
            done.update(pending)
            pending = self.subclassing(scan.models, done)
        facts = [glance.facts for glance in self.glances.values() if glance.facts is not None]
        scan.problems = sorted(file.problem for file in facts if file.problem)
        scan.engines = [engine for file in facts if not is_test(file.path) for engine in file.engines]
        scan.roots = SourceRoots(list(self.glances), facts)
        scan.uses = self.uses(facts, resolver, scan.models)
        scan.imported = imported_files(facts, resolver)
        scan.migrations = find_migrations(self.root, scan.files)
        for model in scan.models:
            model.module = scan.roots.module_of(model.summary["file"])
        scan.models.sort(key=lambda model: (model.summary["file"], model.summary["line"]))
        return scan

    def models_in(self, path: str, finder: ModelFinder) -> list[StaticModel]:
        found = [finder.find(ClassPlace(path, name)) for name in self.facts_of(path).classes]
        return [model for model in found if model is not None]

    def subclassing(self, models: list[StaticModel], done: set[str]) -> list[str]:
        """Files not read yet whose classes derive from something called like a model."""
        names = {model.summary["name"].encode() for model in models}
        return [path for path, glance in self.glances.items() if path not in done and glance.bases & names]

    def uses(
        self, facts: list[FileFacts], resolver: Resolver, models: list[StaticModel]
    ) -> list[tuple[ClassPlace, Use]]:
        """Uses whose owner really is a model of this project."""
        known = {ClassPlace(model.summary["file"], model.summary["name"]) for model in models}
        found: list[tuple[ClassPlace, Use]] = []
        for file in facts:
            if is_test(file.path) or is_migration(file.path):
                continue
            for use in file.uses:
                place = resolver.resolve(file.path, use.owner)
                if isinstance(place, ClassPlace) and place in known:
                    found.append((place, use_at(place, use, file.path)))
        return sorted(found, key=lambda item: (item[1]["file"], item[1]["line"]))


def use_at(place: ClassPlace, use: UseFacts, path: str) -> Use:
    return {"model": place.name, "field": use.field, "kind": use.kind, "file": path, "line": use.line}


def imported_files(facts: list[FileFacts], resolver: Resolver) -> set[str]:
    """Files that at least one other file imports."""
    found = set()
    for file in facts:
        for module, name in file.imports.values():
            for target in (module, f"{module}{'/' if module.startswith('/') else '.'}{name}"):
                source = resolver.module_file(file.path, target)
                if source and source != file.path:
                    found.add(source)
    return found
