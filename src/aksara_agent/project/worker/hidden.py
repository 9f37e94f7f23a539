"""Which columns are secrets, judged by name. Shared by both sides of the pipe."""

from __future__ import annotations

import re

SECRET = re.compile(
    r"(^|_)(password|passwd|passphrase|pwd|secret|token|salt|otp|totp|credentials?|cvv|cvc|ssn|card_?number"
    r"|(api|private|access|secret|auth|encryption|signing|session|recovery)_?keys?)(_|\d|$)"
)
# token_count or password_changed_at tell about a secret without being one.
ABOUT = re.compile(r"_(at|on|count|type|length|expires|expiry)$")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_hidden(*names: str) -> bool:
    """True when one of the names (attribute, column) is that of a password, token, key or other secret."""
    for name in names:
        plain = CAMEL.sub("_", name).lower()
        if SECRET.search(plain) and not ABOUT.search(plain):
            return True
    return False
