"""What the tests of patching share."""

from __future__ import annotations

import pytest
from patching_use import Replace

from aksara_agent.patching import patch, search_and_replace


@pytest.fixture
def replaced() -> Replace:
    """The bytes of a file after one search and replace: ``replaced(data, search, replace)``."""

    def after(data: bytes | str, search: str, replace: str, path: str = "a.txt", *, everywhere: bool = False) -> bytes:
        given = data.encode() if isinstance(data, str) else data
        return patch(path, given, [search_and_replace(path, search, replace, everywhere=everywhere)]).after

    return after
