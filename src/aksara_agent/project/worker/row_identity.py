"""Rows as images, every column by name: told apart by their identity, and handled in parts."""

from __future__ import annotations

import json
from typing import Any, Iterable, Iterator

from .hidden import is_hidden

AT_ONCE = 100  # rows in one statement: SQLite takes 999 parameters in old versions


def key_text(names: Iterable[str], image: dict[str, Any]) -> str:
    """The row's identity, as text to compare and to look up by."""
    return json.dumps([image[name] for name in names], sort_keys=True)


def label_text(table: str, names: Iterable[str], image: dict[str, Any]) -> str:
    """ "users id=3", for people."""
    shown = []
    for name in list(names)[:4]:
        value = image[name]
        plain = next(iter(value.values())) if isinstance(value, dict) else value
        shown.append("{}={}".format(name, "***" if is_hidden(name) else plain))
    return "{} {}".format(table, ", ".join(shown))


def parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    """The items in lists that fit into one statement."""
    waiting = list(items)
    for start in range(0, len(waiting), AT_ONCE):
        yield waiting[start : start + AT_ONCE]
