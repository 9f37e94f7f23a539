"""search_code: where a text stands in the project's files."""

from pathlib import Path

import pytest
from tool_use import Use

from aksara_agent.errors import ToolRetry
from aksara_agent.tools.code.search_code import MAX_MATCHES
from aksara_agent.tools.registry import built_in

SEARCH = built_in("search_code")


async def test_matches_come_with_file_and_line(on_blog: Use, blog: Path) -> None:
    answer = await on_blog(SEARCH, text="ForeignKey(", files="models/*")
    assert {match["file"] for match in answer["matches"]} == {
        "models/category.py",
        "models/comment.py",
        "models/post.py",
        "models/tag.py",
    }
    for match in answer["matches"]:
        line = (blog / match["file"]).read_text().splitlines()[match["line"] - 1]
        assert line.strip() == match["text"]
        assert "ForeignKey(" in line


async def test_a_text_is_taken_literally_unless_it_is_said_to_be_a_pattern(tmp_path: Path, use: Use) -> None:
    (tmp_path / "a.py").write_text("a.b\naxb\n")
    assert [match["line"] for match in (await use(SEARCH, text="a.b"))["matches"]] == [1]
    assert [match["line"] for match in (await use(SEARCH, text="a.b", regex=True))["matches"]] == [1, 2]


async def test_a_broken_pattern_is_explained(use: Use) -> None:
    with pytest.raises(ToolRetry, match=r"is not a regular expression: .*Leave regex out"):
        await use(SEARCH, text="f(", regex=True)
    assert (await use(SEARCH, text="f("))["matches"] == []


async def test_an_empty_search_is_refused(use: Use) -> None:
    with pytest.raises(ToolRetry, match="text: String should have at least 1 character"):
        await use(SEARCH, text="")


async def test_no_match_says_how_many_files_were_searched(tmp_path: Path, use: Use) -> None:
    for name in ("a.py", "b.py", "c.txt"):
        (tmp_path / name).write_text("x\n")
    assert await use(SEARCH, text="nothing", files="*.py") == {"matches": [], "files_searched": 2}


async def test_too_many_matches_are_cut_and_the_answer_says_so(tmp_path: Path, use: Use) -> None:
    (tmp_path / "a.txt").write_text("x\n" * (MAX_MATCHES + 50))
    answer = await use(SEARCH, text="x")
    assert len(answer["matches"]) == MAX_MATCHES
    assert "narrow the search" in answer["note"]


async def test_secrets_binaries_links_and_environments_are_not_searched(tmp_path: Path, use: Use) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.txt"
    outside.write_text("needle")
    for name in (".env", "server.key", ".git/config", ".venv/lib.py", "node_modules/a.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("needle")
    (tmp_path / "data.bin").write_bytes(b"needle\0")
    (tmp_path / "link.txt").symlink_to(outside)
    (tmp_path / "found.txt").write_text("a needle\n")
    assert [match["file"] for match in (await use(SEARCH, text="needle"))["matches"]] == ["found.txt"]


async def test_a_pattern_that_backtracks_for_ever_is_given_up(tmp_path: Path, use: Use) -> None:
    (tmp_path / "a.txt").write_text("a" * 40 + "!")
    with pytest.raises(ToolRetry, match="takes for ever"):
        await use(SEARCH, text="(a|aa)+$", regex=True)
