"""Database URLs for people: with the password masked. Shared by both sides of the pipe."""

from __future__ import annotations

import re

USER_INFO = re.compile(r"(?<=://)([^/@:\s]*):(.*)@(?=[^@]*$)")
IN_OPTIONS = re.compile(r"(?i)([?&](?:password|passwd|pwd|token|secret|api_?key)=)[^&\s]*")


def mask_password(url: str) -> str:
    """ "postgresql://app:***@db/blog": neither the user part nor an option may show a secret."""
    return IN_OPTIONS.sub(r"\1***", USER_INFO.sub(r"\1:***@", url))
