"""write_file: a whole file, created or replaced, and remembered as a change."""

import warnings
from pathlib import Path

import pytest
from tool_use import Use

from aksara_agent.errors import ToolFailed, ToolRetry
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.registry import built_in

WRITE = built_in("write_file")


async def test_a_file_is_created_and_then_modified(tmp_path: Path, use: Use, context: ToolContext) -> None:
    first = await use(WRITE, path="docs/notes.md", content="héllo\n")
    second = await use(WRITE, path="docs/notes.md", content="bye\n")
    assert first == {"kind": "created", "path": "docs/notes.md", "bytes": 7}
    assert second == {"kind": "modified", "path": "docs/notes.md", "bytes": 4}
    assert (tmp_path / "docs/notes.md").read_text() == "bye\n"
    assert [change["kind"] for change in context.workspace.changes] == ["created", "modified"]


@pytest.mark.parametrize("content", ["def (:\n", "x = 1\n  y = 2\n", "x = '\ud800'", "x = 1\0"])
async def test_python_that_does_not_parse_is_not_written(tmp_path: Path, use: Use, content: str) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    with pytest.raises(ToolRetry, match="Not written"):
        await use(WRITE, path="a.py", content=content)
    assert (tmp_path / "a.py").read_text() == "x = 1\n"


async def test_the_line_of_a_syntax_error_is_named(use: Use) -> None:
    with pytest.raises(ToolRetry, match="line 2"):
        await use(WRITE, path="a.py", content="x = 1\ny = (\n")


async def test_python_of_doubtful_style_is_written_without_a_word(tmp_path: Path, use: Use) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        await use(WRITE, path="pattern.py", content="PATTERN = '\\d+'\nSAME = PATTERN is 'x'\n")
    assert (tmp_path / "pattern.py").exists()


async def test_other_files_may_hold_anything_that_is_text(tmp_path: Path, use: Use) -> None:
    await use(WRITE, path="a.txt", content="def (:\n")
    assert (tmp_path / "a.txt").read_text() == "def (:\n"
    await use(WRITE, path="empty.py", content="")
    assert (tmp_path / "empty.py").read_bytes() == b""


async def test_line_ends_are_written_as_given(tmp_path: Path, use: Use) -> None:
    await use(WRITE, path="a.txt", content="one\r\ntwo\n")
    assert (tmp_path / "a.txt").read_bytes() == b"one\r\ntwo\n"


async def test_nothing_is_written_outside_the_project_or_over_secrets(tmp_path: Path, use: Use) -> None:
    (tmp_path / "link.py").symlink_to("/tmp/elsewhere.py")
    for path in ("../x.py", "/tmp/x.py", "link.py"):
        with pytest.raises(ToolRetry):
            await use(WRITE, path=path, content="x = 1\n")
    for path in (".env", ".git/hooks/pre-commit"):
        with pytest.raises(ToolFailed, match="private"):
            await use(WRITE, path=path, content="x")
    assert [file.name for file in tmp_path.iterdir()] == ["link.py"]


def test_it_is_declared_to_write() -> None:
    assert WRITE.effect == "write"
