"""Where the secrets of a text stand: by value, by shape and by name, in one pass."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aksara_agent.redaction.assignments import WORDS, find_assignments
from aksara_agent.redaction.shapes import HEADERS, SHAPES, Shapes, Span, find_shapes

ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. Nearly every text lacks nearly all of it, so a search is narrowed before it is made."""

    own: tuple[str, ...] = ()
    words: tuple[str, ...] = WORDS
    shapes: Shapes = field(default_factory=lambda: SHAPES)
    headers: Shapes = field(default_factory=lambda: HEADERS)

    def narrowed(self, text: str) -> Search:
        """The search for what a text, or a part of it, can hold."""
        lowered = _lowered(text)
        return Search(
            own=tuple(value for value in self.own if value in text),
            words=tuple(word for word in self.words if word in lowered),
            shapes={literal: shape for literal, shape in self.shapes.items() if literal in text},
            headers={literal: shape for literal, shape in self.headers.items() if literal in lowered},
        )

    def spans(self, text: str, taken: Iterable[Span]) -> list[Span]:
        """Where the secrets stand, in order, joined where they overlap, without those that touch what is ``taken``."""
        if not (self.own or self.words or self.shapes or self.headers):
            return []
        lowered = _lowered(text)
        found = [
            *_exact(text, self.own),
            *find_shapes(text, text, self.shapes),
            *find_shapes(text, lowered, self.headers),
            *find_assignments(text, lowered, self.words),
        ]
        return _joined(found, taken) if found else []


def _lowered(text: str) -> str:
    """The text in lower case and of the same length, which Unicode does not promise."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(ASCII_LOWER)


def _exact(text: str, values: Iterable[str]) -> Iterator[Span]:
    for value in values:
        at = text.find(value)
        while at >= 0:
            yield at, at + len(value)
            at = text.find(value, at + len(value))


def _joined(found: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    joined: list[tuple[int, int, bool]] = []
    for start, end, free in sorted([*((*span, True) for span in found), *((*span, False) for span in taken)]):
        if joined and start < joined[-1][1]:
            first, last, is_free = joined[-1]
            joined[-1] = (first, max(end, last), free and is_free)
        else:
            joined.append((start, end, free))
    return [(start, end) for start, end, free in joined if free]
