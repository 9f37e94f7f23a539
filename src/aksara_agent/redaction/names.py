"""Which names in code and configuration are those of secrets: the rule for columns, and what only code writes."""

from __future__ import annotations

import re
from functools import lru_cache

from aksara_agent.project.worker import hidden

STRONG = re.compile(
    r"(password|passwd|passphrase|secret|apikey)(_|\d|$)|(^|_)(pass|pwd|credentials?)(_|\d|$)"
    r"|(access|account|api|auth|encryption|master|private|recovery|service|session|signing)_?keys?(_|\d|$)"
)
# Lexers and pagers call many things a token, so the value must look like one.
WEAK = re.compile(r"(access|api|auth|bearer|refresh)token(_|\d|$)")
# TOKEN_URL or password_field tell about a secret without being one.
ABOUT = re.compile(
    r"_(algorithm|backend|banner|callback|class|column|days|dir|endpoint|env|exists|expire|factory|field|file|fn|form"
    r"|format|func|handler|header|hint|hours|id|ids|label|len|limit|manager|max|message|min|minutes|model|name|param"
    r"|parameter|path|pattern|placeholder|policy|prefix|regex|required|reset|seconds|size|status|strength|suffix"
    r"|template|title|ttl|uri|url|valid|validator|var|variable|version|view)$"
)


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether the value of this variable, key or column is a secret, judged by its name."""
    plain = _plain(name)
    promises = hidden.SECRET.search(plain) or STRONG.search(plain) or WEAK.search(plain)
    return bool(promises) and not (hidden.ABOUT.search(plain) or ABOUT.search(plain))


def is_weak_name(name: str) -> bool:
    """Whether the name of a secret alone is too little to go by."""
    return STRONG.search(_plain(name)) is None


def _plain(name: str) -> str:
    """The name in snake case."""
    return hidden.CAMEL.sub("_", name.replace("-", "_")).lower()
