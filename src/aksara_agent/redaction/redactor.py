"""Hiding secrets behind placeholders, and putting them back."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from aksara_agent.redaction.literals import PLACEHOLDER
from aksara_agent.redaction.names import is_secret_name
from aksara_agent.redaction.own import own_values
from aksara_agent.redaction.search import Search

OPENING = "[secret-"
LETTERS = str.maketrans("0123456789", "abcdefabcd")
PASSES = 3  # what a first pass hides can lay bare the edge of another secret


class Redactor:
    """Hides secrets in texts and data: best effort, by value, by shape and by name.

    A value has the same placeholder as long as the Redactor lives; those of another one cannot be revealed. Reveal
    only what goes into the project's own files and rows: whoever else gets a revealed text has the secret.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, values: Iterable[str] = ()) -> None:
        self._search = Search(own=tuple(own_values(environment or {}, values)))
        self._key = secrets.token_bytes(32)
        self._hidden: dict[str, Any] = {}
        self._placeholders: dict[tuple[type, Any], str] = {}

    def hide(self, text: str) -> str:
        """The text with placeholders for its secrets; the same object when it has none."""
        return self._hide(text, self._search.narrowed(text))

    def hide_data(self, data: Any) -> Any:
        """JSON-able data with its texts hidden, and whole values where the key is that of a secret."""
        return self._hide_data(data, self._search.narrowed("\n".join(_texts(data))), under_secret=False)

    def reveal(self, text: str) -> str:
        """The text with the secrets of this Redactor's placeholders back in place."""
        if OPENING not in text:
            return text
        return PLACEHOLDER.sub(lambda found: str(self._hidden.get(found[0], found[0])), text)

    def reveal_data(self, data: Any) -> Any:
        """The data as it was before ``hide_data``; a number comes back as a number."""
        if isinstance(data, str):
            return self._hidden[data] if data in self._hidden else self.reveal(data)
        return _rebuilt(data, self.reveal_data)

    def unknown_placeholders(self, data: Any) -> list[str]:
        """The placeholders in a text, or in data, that another Redactor made: what they hid is not known here."""
        found = (match for text in _texts(data) if OPENING in text for match in PLACEHOLDER.findall(text))
        return list(dict.fromkeys(placeholder for placeholder in found if placeholder not in self._hidden))

    def _hide(self, text: str, search: Search) -> str:
        for _ in range(PASSES):
            taken = [match.span() for match in PLACEHOLDER.finditer(text)] if OPENING in text else []
            spans = search.spans(text, taken)
            if not spans:
                break
            pieces, at = [], 0
            for start, end in spans:
                pieces += [text[at:start], self._placeholder(text[start:end])]
                at = end
            text = "".join([*pieces, text[at:]])
        return text

    def _hide_data(self, data: Any, search: Search, *, under_secret: bool) -> Any:
        if isinstance(data, str):
            return self._whole(data) if under_secret and data.strip() else self._hide(data, search)
        if isinstance(data, int | float) and under_secret and not isinstance(data, bool):
            return self._placeholder(data)
        if isinstance(data, Mapping):
            return {
                self._hide_data(key, search, under_secret=False): self._hide_data(
                    value, search, under_secret=isinstance(key, str) and is_secret_name(key)
                )
                for key, value in data.items()
            }
        if isinstance(data, list | tuple):
            return [self._hide_data(item, search, under_secret=under_secret) for item in data]
        return data

    def _whole(self, text: str) -> str:
        return text if PLACEHOLDER.fullmatch(text) else self._placeholder(self.reveal(text))

    def _placeholder(self, value: Any) -> str:
        """The one for this value: digits that tell nothing about it without the key."""
        if known := self._placeholders.get((type(value), value)):
            return known
        mark = f"{type(value).__name__}:{value}".encode("utf-8", "surrogatepass")
        digits = hmac.new(self._key, mark, hashlib.sha256).hexdigest()
        digits, length = digits[0].translate(LETTERS) + digits[1:], 8
        while (placeholder := f"{OPENING}{digits[:length]}]") in self._hidden:
            length += 4  # two values share these digits
        self._hidden[placeholder] = value
        self._placeholders[type(value), value] = placeholder
        return placeholder


def _rebuilt(data: Any, change: Callable[[Any], Any]) -> Any:
    """Nested data with every item and every key changed."""
    if isinstance(data, Mapping):
        return {change(key): change(value) for key, value in data.items()}
    return [change(item) for item in data] if isinstance(data, list | tuple) else data


def _texts(data: Any) -> Iterator[str]:
    """Every text in nested data, keys included."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _texts(key)
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _texts(item)
