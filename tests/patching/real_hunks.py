"""Real changes of source files: this project's history, and scripted refactorings of installed packages."""

from __future__ import annotations

import difflib
import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from aksara_agent.patching import why_it_does_not_parse

ROOT = Path(__file__).resolve().parents[2]
LOG = (
    "log",
    "-p",
    "--no-merges",
    "--diff-filter=M",
    "--full-index",
    "--reverse",
    "--no-color",
    "--no-ext-diff",
    "--format=",
)
HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")
PACKAGES = ("langchain_core", "pydantic", "rich", "hypothesis", "openai", "langgraph")


@dataclass(frozen=True, slots=True)
class Hunk:
    """At line ``at`` (from 0) of ``file``, the lines ``old`` become ``new``."""

    path: str
    file: tuple[str, ...]
    at: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def from_history(root: Path = ROOT) -> list[Hunk]:
    """The hunks of the git history, oldest first; none where there is no git or no history."""
    try:
        log = _git(root, *LOG).decode()
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        return []
    parts = [part for part in f"\n{log}".split("\ndiff --git ")[1:] if "\n@@ " in part and "\n\\" not in part]
    blobs = [found[1] if (found := re.search(r"^index (\w+)\.\.", part, re.M)) else "" for part in parts]
    texts = _blobs(root, dict.fromkeys(blobs))
    return [hunk for part, blob in zip(parts, blobs, strict=True) for hunk in _hunks(part, texts.get(blob, ""))]


def from_packages(count: int, seed: int = 6) -> list[Hunk]:
    """Hunks of refactorings (rename, add, remove, wrap) of installed packages' source files."""
    chance = random.Random(seed)
    files = [file for name in PACKAGES for file in _sources(name)]
    hunks: list[Hunk] = []
    while len(hunks) < count:
        file = chance.choice(files)
        before = tuple(file.read_text(encoding="utf-8").split("\n"))
        if 30 < len(before) < 1500:
            hunks += _differences(file.name, before, _refactored(before, chance))
    return hunks[:count]


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def _blobs(root: Path, names: dict[str, None]) -> dict[str, str]:
    """The texts of git objects, read by one process."""
    stream, at = _git(root, "cat-file", "--batch", given="\n".join(names).encode()), 0
    texts = {}
    while at < len(stream):
        end = stream.index(b"\n", at)
        name, _, size = stream[at:end].decode().split()
        texts[name] = stream[end + 1 : end + 1 + int(size)].decode()
        at = end + 2 + int(size)
    return texts


def _hunks(part: str, text: str) -> Iterator[Hunk]:
    path = re.search(r"^\+\+\+ b/(.*)$", part, re.M)
    file, hunk = tuple(text.split("\n")), None
    bodies: list[tuple[int, list[str]]] = []
    for line in part.split("\n"):
        if hunk := HUNK.match(line):
            bodies.append((int(hunk[1]) - 1, []))
        elif bodies and line[:1] in (" ", "-", "+"):
            bodies[-1][1].append(line)
    for at, body in bodies:
        old = tuple(line[1:] for line in body if line[0] != "+")
        new = tuple(line[1:] for line in body if line[0] != "-")
        assert path and file[max(at, 0) : at + len(old)] == old
        if any(line.strip() for line in old):  # a file that was empty has no text to search for
            yield Hunk(path[1], file, at, old, new)


def _sources(name: str) -> list[Path]:
    spec = find_spec(name)
    folders = spec.submodule_search_locations if spec else None
    return sorted(file for folder in folders or () for file in Path(folder).rglob("*.py"))


def _refactored(lines: Sequence[str], chance: random.Random) -> list[str]:
    result = list(lines)
    for _ in range(3):
        at = chance.choice([n for n, line in enumerate(result) if line.strip()])
        line = result[at]
        indent = line[: len(line) - len(line.lstrip())]
        words = re.findall(r"[a-z_]{4,}", line)
        how = chance.choice(("rename", "add", "remove", "wrap"))
        if how == "rename" and words:
            word = chance.choice(words)
            for row in range(at, min(at + 8, len(result))):
                result[row] = re.sub(rf"\b{word}\b", f"{word}_value", result[row])
        elif how == "remove":
            del result[at : at + chance.randint(1, 3)]
        elif how == "wrap":
            result[at : at + 1] = [f"{indent}if enabled:", f"    {line}"]
        else:
            result[at:at] = [f"{indent}checked = prepare({number})" for number in range(chance.randint(1, 3))]
    return result


def _differences(name: str, before: tuple[str, ...], after: list[str]) -> Iterator[Hunk]:
    before_end, after_end = before[:-1], after[:-1]  # after the last newline there is no line
    for group in difflib.SequenceMatcher(None, before_end, after_end, autojunk=False).get_grouped_opcodes(3):
        (_, i1, _, j1, _), (_, _, i2, _, j2) = group[0], group[-1]
        old, new = before[i1:i2], tuple(after[j1:j2])
        if not why_it_does_not_parse(name, "\n".join(before[:i1] + new + before[i2:])):
            yield Hunk(name, before, i1, old, new)
