"""A warm parent for the whole module: forking from it makes a kill cost tenths of a second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("crash_outcome")

from crash_host import Case, WarmParent


@pytest.fixture(scope="session")
def warm_parent(no_real_providers: None) -> Iterator[WarmParent]:
    parent = WarmParent()
    yield parent
    parent.close()


@pytest.fixture
def case(tmp_path: Path, warm_parent: WarmParent) -> Case:
    """A run in an empty project, whose approver says yes."""
    return Case(tmp_path, warm_parent.run)
