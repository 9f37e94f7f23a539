"""read_file: numbered lines of a file, a page at a time."""

from pathlib import Path

import pytest
from tool_use import Use

from aksara_agent.errors import ToolFailed, ToolRetry
from aksara_agent.tools.registry import built_in
from aksara_agent.tools.system.read_file import MAX_LINES

READ = built_in("read_file")


async def test_a_file_is_shown_with_line_numbers(on_blog: Use, blog: Path) -> None:
    answer = await on_blog(READ, path="models/post.py")
    source = (blog / "models/post.py").read_text().splitlines()
    assert answer["total_lines"] == len(source)
    assert answer["content"].splitlines()[0] == f"    1 {source[0]}"
    assert [line[6:] for line in answer["content"].split("\n")] == source
    assert "next_start" not in answer


async def test_a_long_file_is_read_page_by_page_without_losing_a_line(tmp_path: Path, use: Use) -> None:
    lines = [f"line {number}" for number in range(1, 2 * MAX_LINES + 51)]
    (tmp_path / "long.txt").write_text("\n".join(lines))
    seen: list[str] = []
    start: int | None = 1
    while start is not None:
        answer = await use(READ, path="long.txt", start=start)
        seen += [line[6:] for line in answer["content"].split("\n")]
        start = answer.get("next_start")
    assert seen == lines


async def test_a_part_of_a_file_can_be_asked_for(tmp_path: Path, use: Use) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\nthree\nfour\n")
    assert await use(READ, path="a.txt", start=2, lines=2) == {
        "path": "a.txt",
        "content": "    2 two\n    3 three",
        "total_lines": 4,
        "next_start": 4,
    }


async def test_a_start_after_the_end_shows_nothing_but_the_number_of_lines(tmp_path: Path, use: Use) -> None:
    (tmp_path / "a.txt").write_text("one\n")
    assert await use(READ, path="a.txt", start=50) == {"path": "a.txt", "content": "", "total_lines": 1}


async def test_line_numbers_are_those_of_python_even_in_a_file_with_form_feeds(tmp_path: Path, use: Use) -> None:
    (tmp_path / "old.py").write_text("a = 1\n\x0c\nb = 2\u2028\nboom(\n")
    with pytest.raises(SyntaxError) as caught:
        compile((tmp_path / "old.py").read_text().replace("\u2028", ""), "old.py", "exec")
    answer = await use(READ, path="old.py", start=caught.value.lineno, lines=1)
    assert answer["content"].endswith(" boom(")


@pytest.mark.parametrize("arguments", [{"start": 0}, {"lines": 0}, {"lines": MAX_LINES + 1}, {"start": "first"}])
async def test_impossible_pages_are_refused(tmp_path: Path, use: Use, arguments: dict[str, object]) -> None:
    (tmp_path / "a.txt").write_text("one\n")
    with pytest.raises(ToolRetry, match="Wrong arguments for read_file"):
        await use(READ, path="a.txt", **arguments)


async def test_secrets_and_places_outside_the_project_are_closed(tmp_path: Path, use: Use) -> None:
    (tmp_path / ".env").write_text("KEY=1")
    with pytest.raises(ToolFailed, match="private"):
        await use(READ, path=".env")
    with pytest.raises(ToolRetry, match="not a path inside the project"):
        await use(READ, path="../../etc/passwd")
    with pytest.raises(ToolRetry, match="missing"):
        await use(READ, path="nowhere.py")


async def test_the_database_file_is_not_text(on_blog: Use) -> None:
    with pytest.raises(ToolFailed, match="binary"):
        await on_blog(READ, path="blog.db")
