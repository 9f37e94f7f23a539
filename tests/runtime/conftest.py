"""Shared by the tests through the runtime."""

from __future__ import annotations

import pytest

from aksara_agent.nodes import error_router


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between two tries that are a hundred times shorter."""
    monkeypatch.setattr(error_router, "FIRST_DELAY", 0.005)
