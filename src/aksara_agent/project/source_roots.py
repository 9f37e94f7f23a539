"""Under which dotted name the project itself imports a file, and from which folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .facts import FileFacts


class SourceRoots:
    """Every absolute import that leads to a file of the project votes for the folder it starts from."""

    def __init__(self, paths: Iterable[str], facts: Iterable[FileFacts]) -> None:
        self.modules = set(module_paths(paths))
        self.packages = {path.removesuffix("/__init__.py") for path in paths if path.endswith("/__init__.py")}
        self.votes: Counter[str] = Counter()
        for file in facts:
            for module, _ in file.imports.values():
                if not module.startswith("/"):
                    self.vote(file.path, module)

    def vote(self, importer: str, module: str) -> None:
        tail = module.replace(".", "/")
        for folder in [*ancestors(importer), "src"]:
            if join(folder, tail) in self.modules:
                self.votes[folder] += 1

    def root_of(self, path: str) -> str:
        """The folder to put on sys.path, relative to the project root ("" is the root itself)."""
        voted = [folder for folder in ancestors(path) if self.votes[folder]]
        if voted:
            return max(voted, key=lambda folder: (self.votes[folder], -len(folder)))
        if path.startswith("src/"):
            return "src"
        folder = path.rpartition("/")[0]
        if folder not in self.packages:
            return ""
        while folder in self.packages:
            folder = folder.rpartition("/")[0]
        return folder

    def module_of(self, path: str) -> str:
        """The dotted name to import the file by."""
        root = self.root_of(path)
        inner = path[len(root) + 1 :] if root else path
        return inner.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def module_paths(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield path.removesuffix(".py").removesuffix("/__init__")
        folder = path.rpartition("/")[0]
        if folder:
            yield folder  # a folder without __init__.py is a namespace package


def ancestors(path: str) -> list[str]:
    """ "a/b/c.py" -> ["a/b", "a", ""]."""
    folder = path.rpartition("/")[0]
    found = [folder]
    while folder:
        folder = folder.rpartition("/")[0]
        found.append(folder)
    return found


def join(folder: str, tail: str) -> str:
    return f"{folder}/{tail}" if folder else tail
