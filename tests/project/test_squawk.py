"""squawk's advice, where squawk is installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aksara_agent.project.squawk import squawk_notes


@pytest.mark.skipif(shutil.which("squawk") is None, reason="squawk is not installed")
async def test_squawk_says_what_blocks_writes() -> None:
    (note,) = await squawk_notes(["CREATE INDEX ix ON posts (title)"])
    assert note.startswith("squawk: ") and "concurrently" in note


async def test_without_squawk_there_are_no_notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await squawk_notes(["CREATE INDEX ix ON posts (title)"]) == []


async def test_a_squawk_that_cannot_be_used_does_not_stop_the_migration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "squawk").write_text("#!/bin/sh\necho not JSON\n")
    (tmp_path / "squawk").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert await squawk_notes(["SELECT 1"]) == ["squawk could not be used: JSONDecodeError"]
