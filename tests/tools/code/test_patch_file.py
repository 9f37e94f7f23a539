"""patch_file: several files at once, all or none, with what the model needs when it is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from tool_use import Use

from aksara_agent.errors import ToolError, ToolFailed, ToolRetry
from aksara_agent.journal import FileChange
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.registry import built_in
from aksara_agent.workspace import Workspace

PATCH = built_in("patch_file")


def edit(path: str, search: str, replace: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "search": search, "replace": replace, **more}


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A folder with two files."""
    (tmp_path / "a.py").write_text("x = 1\ny = 2\n")
    (tmp_path / "b.txt").write_bytes(b"one\r\ntwo\r\n")
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in root.iterdir() if path.is_file()}


async def test_several_files_are_edited_and_the_lines_told(two: Path, use: Use, context: ToolContext) -> None:
    edits = [edit("a.py", "x = 1", "x = 3"), edit("b.txt", "two  \n", "2\n"), edit("./a.py", "y = 2", "y = 4")]
    told = await use(PATCH, edits=edits)
    assert told == {
        "files": [
            {"path": "a.py", "lines": [1, 2]},
            {"path": "b.txt", "lines": [2], "overlooked": ["line 2: trailing space"]},
        ]
    }
    assert contents(two) == {"a.py": b"x = 3\ny = 4\n", "b.txt": b"one\r\n2\r\n"}
    assert context.workspace.changes == [{"kind": "modified", "path": "a.py"}, {"kind": "modified", "path": "b.txt"}]


async def test_a_diff_of_several_files_is_applied(two: Path, use: Use) -> None:
    diff = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n+x = 3\n--- a/b.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-one\n+1\n"
    await use(PATCH, diff=diff)
    assert contents(two) == {"a.py": b"x = 3\ny = 2\n", "b.txt": b"1\r\ntwo\r\n"}


async def test_one_wrong_edit_keeps_all_files_as_they_are(two: Path, use: Use, context: ToolContext) -> None:
    before = contents(two)
    edits = [edit("a.py", "x = 1", "x = 3"), edit("b.txt", "three", "3"), edit("missing.txt", "a", "b")]
    with pytest.raises(ToolRetry) as caught:
        await use(PATCH, edits=edits)
    said = str(caught.value).split("\n")
    assert said[0] == "Nothing was written."
    assert said[1].startswith("b.txt: the searched text is not in the file.")
    assert said[2] == "'missing.txt' cannot be opened: it is missing."
    assert (contents(two), context.workspace.changes) == (before, [])


async def test_permissions_are_kept(two: Path, use: Use) -> None:
    (two / "a.py").chmod(0o750)
    await use(PATCH, edits=[edit("a.py", "x = 1", "x = 3")])
    assert (two / "a.py").stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("given", [{}, {"edits": [edit("a", "b", "c")], "diff": "--- a"}, {"edits": [], "diff": " \n"}])
async def test_exactly_one_form_is_given(use: Use, given: dict[str, Any]) -> None:
    with pytest.raises(ToolRetry, match="Give either edits"):
        await use(PATCH, **given)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "no\nsuch", "folder/missing/x.py", ".env", ".git/config"])
async def test_paths_outside_and_private_ones_are_refused(two: Path, use: Use, path: str) -> None:
    (two / ".env").write_text("a")
    with pytest.raises(ToolError):
        await use(PATCH, edits=[edit(path, "a", "b")])
    assert not (two / "folder").exists()


async def test_a_read_only_file_is_not_changed(two: Path, use: Use) -> None:
    (two / "a.py").chmod(0o444)
    with pytest.raises(ToolFailed, match=r"a\.py is read-only and was not changed"):
        await use(PATCH, edits=[edit("b.txt", "one", "1"), edit("a.py", "x = 1", "x = 3")])
    assert contents(two) == {"a.py": b"x = 1\ny = 2\n", "b.txt": b"one\r\ntwo\r\n"}


async def test_links_special_files_and_hard_links_are_refused(two: Path, use: Use) -> None:
    (two / "link.py").symlink_to(two / "a.py")
    os.mkfifo(two / "pipe")
    os.link(two / "b.txt", two / "hard.txt")
    for path in ("link.py", "pipe", "hard.txt"):
        with pytest.raises(ToolError, match=path):
            await use(PATCH, edits=[edit(path, "one", "1")])


async def test_a_huge_file_is_refused_without_reading_all_of_it(two: Path, use: Use) -> None:
    with (two / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(ToolFailed, match="larger than 2,000,000 bytes"):
        await use(PATCH, edits=[edit("huge.txt", "a", "b")])


async def test_a_file_that_changes_meanwhile_is_not_overwritten(two: Path, context: ToolContext) -> None:
    def someone_writes(change: FileChange) -> None:
        (two / "b.txt").write_text("mine")

    workspace = Workspace(two, someone_writes)
    read = [(path, (two / path).read_bytes(), b"x = 3\n") for path in ("a.py", "b.txt")]
    with pytest.raises(ToolRetry, match=r"b\.txt has changed since it was read"):
        workspace.replace_all(read)
    assert contents(two) == {"a.py": b"x = 1\ny = 2\n", "b.txt": b"mine"}
    assert workspace.changes == []


async def test_the_preview_is_the_diff_of_all_files_and_writes_nothing(two: Path, context: ToolContext) -> None:
    before = contents(two)
    edits = [edit("a.py", "x = 1", "x = 3"), edit("b.txt", "one", "1")]
    seen = await PATCH.foresee({"edits": edits}, context)
    assert seen is not None
    assert seen.text == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-x = 1\n+x = 3\n y = 2\n"
        "--- a/b.txt\n+++ b/b.txt\n@@ -1,2 +1,2 @@\n-one\n+1\n two"
    )
    assert PATCH.preview({"edits": edits}, context.workspace) == seen.text
    assert contents(two) == before


async def test_the_last_lines_without_a_newline_are_told_apart_in_the_preview(two: Path, context: ToolContext) -> None:
    diff = "--- a/a.py\n+++ b/a.py\n@@ -2 +2 @@\n-y = 2\n+y = 2\n\\ No newline at end of file\n"
    seen = await PATCH.foresee({"diff": diff}, context)
    assert seen is not None
    assert seen.text.endswith("-y = 2\n+y = 2\n\\ No newline at end of file")


def test_it_is_settled_by_the_files_after_a_crash() -> None:
    assert (PATCH.effect, PATCH.only_files) == ("write", True)
