"""The secrets that this process itself holds, taken from its environment to be hidden wherever they appear."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

SHORTEST = 8  # shorter ones would hide parts of ordinary words
NAME = re.compile(
    r"(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|APIKEY|CREDENTIAL)S?(_|\d|$)|(^|_)(KEYS?|PASS|PWD|AUTH|DSN|SALT|COOKIE)(_|\d|$)"
)
IN_URL = re.compile(r"://[^/:@\s]*:([^@\s]+)@")
ORDINARY = re.compile(r"[A-Za-z]{1,15}|[\d.,:+-]+|~?\.{0,2}/.*|[A-Za-z]:\\.*|[A-Za-z_]+(\.[A-Za-z_]+)+", re.DOTALL)


def own_values(environment: Mapping[str, str], given: Iterable[str]) -> list[str]:
    """What to hide: the values of secret variables, the passwords in URLs, and what was given; longest first."""
    found = {value for name, value in environment.items() if NAME.search(name.upper()) and not _is_ordinary(value)}
    for value in environment.values():
        found.update(password for password in IN_URL.findall(value) if not _is_ordinary(password))
    found.update(value for value in given if len(value) >= SHORTEST)
    return sorted({form for value in found for form in _forms(value)}, key=len, reverse=True)


def _is_ordinary(value: str) -> bool:
    """Words, numbers and paths: hiding them everywhere would make texts unreadable and no secret safer."""
    return len(value) < SHORTEST or ORDINARY.fullmatch(value) is not None


def _forms(value: str) -> set[str]:
    """The value as it looks in plain text, in JSON and source code, and in a URL."""
    return {
        form
        for form in (value, json.dumps(value)[1:-1], quote(value, safe=""), unquote(value))
        if len(form) >= SHORTEST
    }
