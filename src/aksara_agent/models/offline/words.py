"""Finding names in the words of a task."""

from __future__ import annotations

import re
from collections.abc import Iterable


def model_in(task: str) -> str:
    """The word that names a model: after "model", before it, or the first capitalised one inside the sentence."""
    before = re.search(r"\b(?!(?:the|a|this|each|every|data)\b)(\w+) (?:model|table)\b", task, re.IGNORECASE)
    after = re.search(r"\bmodel ([A-Z]\w+)", task)
    capital = re.findall(r"(?<=\s)[A-Z]\w+", task)
    if after:
        return after.group(1)
    if before:
        return before.group(1)
    return capital[0] if capital else task.split()[-1].strip("?.!")


def quoted(task: str) -> str | None:
    """The first text in quotes."""
    found = re.search(r"['\"`“](.+?)['\"`”]", task)
    return found.group(1) if found else None


def named(task: str, names: Iterable[str]) -> str | None:
    """The model that the task speaks of, in singular or plural, whichever comes first."""
    words = [word.lower() for word in re.findall(r"\w+", task)]
    by_word = {form: name for name in names for form in _forms(name)}
    return next((by_word[word] for word in words if word in by_word), None)


def plural(name: str) -> str:
    """A model's name for several of it, in small letters."""
    return name[:-1].lower() + "ies" if name.lower().endswith("y") else name.lower() + "s"


def _forms(name: str) -> set[str]:
    return {name.lower(), plural(name), name.lower() + "es"}
