"""Taking a run back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.errors import SessionError, UndoRefused
from aksara_agent.testing import ScriptedModel, call, calls, says


def tree(root: Path) -> dict[str, tuple[bytes, int]]:
    """All files with content and permissions, without our own."""
    files = [path for path in root.rglob("*") if path.is_file() and ".aksara" not in path.parts]
    return {str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode) for path in files}


def write(path: str, content: str) -> object:
    return calls(call("write_file", path=path, content=content))


async def test_undo_brings_the_files_back_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_bytes(b"a = 1\r\n")
    (tmp_path / "kept.py").chmod(0o755)
    (tmp_path / "other.txt").write_text("mine")
    before = tree(tmp_path)
    script = [write("kept.py", "a = 2\n"), write("new/file.txt", "x"), write("kept.py", "a = 3\n"), says("Done.")]
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(*script))  # type: ignore[arg-type]
    result = await runtime.execute("Change")
    assert tree(tmp_path) != before
    (tmp_path / "other.txt").write_text("mine, and changed since")

    undone = await AgentRuntime(tmp_path).undo(result.run_id)
    assert (undone.restored, undone.deleted, undone.not_undone) == (["kept.py"], ["new/file.txt"], [])
    after = tree(tmp_path)
    assert after.pop("other.txt")[0] == b"mine, and changed since"
    before.pop("other.txt")
    assert after == before


async def test_undo_refuses_and_touches_nothing_when_a_file_was_changed_since(tmp_path: Path) -> None:
    script = [write("a.txt", "1"), write("b.txt", "1"), says("Done.")]
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(*script))  # type: ignore[arg-type]
    result = await runtime.execute("Change")
    (tmp_path / "b.txt").write_text("my own work")
    with pytest.raises(UndoRefused, match=r"b\.txt changed after the run"):
        await runtime.undo(result.run_id)
    assert (tmp_path / "a.txt").read_text() == "1"
    (tmp_path / "b.txt").unlink()
    os.mkfifo(tmp_path / "b.txt")
    with pytest.raises(UndoRefused):
        await runtime.undo(result.run_id)


async def test_undo_twice_finds_nothing_more_to_do(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(write("a.txt", "1"), says("Done.")))  # type: ignore[arg-type]
    result = await runtime.execute("Change")
    assert (await runtime.undo(result.run_id)).deleted == ["a.txt"]
    assert (await runtime.undo(result.run_id)).deleted == []


async def test_external_actions_are_named_as_not_undone(tmp_path: Path) -> None:
    async def deploy() -> str:
        """Deploy."""
        return "deployed"

    model = ScriptedModel(calls(call("deploy")), says("Done."))
    runtime = AgentRuntime(tmp_path, model=model, tools=[deploy])
    result = await runtime.execute("Deploy")
    assert [action.tool for action in (await runtime.undo(result.run_id)).not_undone] == ["deploy"]
    with pytest.raises(SessionError, match="no run 'nothing'"):
        await runtime.undo("nothing")
