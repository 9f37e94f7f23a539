"""What a command prints, as text of bounded size: its beginning and its end."""

from __future__ import annotations

import codecs
from collections.abc import Callable


class Output:
    """Takes bytes, hands on the text as it comes, and keeps at most ``limit`` characters of it."""

    def __init__(self, limit: int, on_text: Callable[[str], None] | None = None) -> None:
        if limit < 1:
            raise ValueError(f"max_output={limit} keeps nothing; use at least 1.")
        self._room, self._tail_size = limit - limit // 2, limit // 2
        self._head: list[str] = []
        self._tail = ""
        self._on_text = on_text
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.left_out = 0

    def add(self, data: bytes, *, final: bool = False) -> None:
        """Take the next bytes; a character may be split between two calls."""
        text = self._decoder.decode(data, final)
        if not text:
            return
        self._keep(text)
        if self._on_text is not None:
            self._on_text(text)

    def _keep(self, text: str) -> None:
        first = text[: self._room]
        if first:
            self._head.append(first)
            self._room -= len(first)
        tail = self._tail + text[len(first) :]
        cut = max(0, len(tail) - self._tail_size)
        self._tail = tail[cut:]
        self.left_out += cut

    @property
    def text(self) -> str:
        """What was kept, with a line about what was not."""
        note = f"\n… {self.left_out:,} characters left out …\n" if self.left_out else ""
        return "".join(self._head) + note + self._tail
