"""All edits of a file at once: its bytes are kept but for what is edited."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from patching_use import Replace

from aksara_agent.errors import ToolError, ToolFailed, ToolRetry
from aksara_agent.patching import patch, search_and_replace, unified


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_kept(replaced: Replace, end: str) -> None:
    file = end.join(["a", "b", "c", ""])
    assert replaced(file, "a\nb\n", "a\nx\ny\n").decode() == end.join(["a", "x", "y", "c", ""])


def test_in_mixed_line_ends_old_lines_keep_theirs_and_new_ones_take_the_neighbours(replaced: Replace) -> None:
    assert replaced("a\r\nb\nc\r\n", "a\nb\nc\n", "a\nx\nnew\nc\n") == b"a\r\nx\nnew\nc\r\n"
    assert replaced("a\nb\r\n", "a\nb\n", "a\nb\nc\n") == b"a\nb\r\nc\r\n"


@pytest.mark.parametrize(("file", "after"), [("a\nb", "a\nx\ny"), ("a\nb\n", "a\nx\ny\n"), ("a\r\nb", "a\r\nx\r\ny")])
def test_the_end_of_the_file_stays_with_or_without_a_newline(replaced: Replace, file: str, after: str) -> None:
    assert replaced(file, "b", "x\ny\n").decode() == after


def test_a_byte_order_mark_stays(replaced: Replace) -> None:
    assert replaced("\ufeffä = 1\nb\n".encode(), "\ufeffä = 1\n", "ö = 2\n", "a.py") == "\ufeffö = 2\nb\n".encode()


def test_a_declared_encoding_stays(replaced: Replace) -> None:
    file = "# coding: latin-1\nname = 'Zoë'\n".encode("latin-1")
    assert replaced(file, "'Zoë'", "'Noël'", "a.py") == "# coding: latin-1\nname = 'Noël'\n".encode("latin-1")
    with pytest.raises(ToolRetry, match="iso-8859-1, which has no '€'"):
        replaced(file, "'Zoë'", "'€'", "a.py")
    with pytest.raises(ToolRetry, match="declare another encoding"):
        replaced(file, "latin-1", "utf-8", "a.py")


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("a.txt", b"caf\xe9\n", "not utf-8 text: byte 3"),
        ("a.txt", b"a\0b", "binary"),
        ("a.py", b"# coding: nonsense\n", "unknown encoding"),
    ],
)
def test_what_is_no_text_is_refused(path: str, data: bytes, said: str) -> None:
    with pytest.raises(ToolFailed, match=said):
        patch(path, data, [search_and_replace(path, "a", "b")])


def test_python_must_still_parse_and_the_line_is_named(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match=r"would not parse any more: .* \(line 2\)"):
        replaced("x = 1\ny = 2\n", "y = 2", "y = (", "a.py")
    assert replaced("x = (\ny = 2\n", "y = 2", "y = 3", "a.py") == b"x = (\ny = 3\n"


def test_edits_do_not_see_each_other(replaced: Replace) -> None:
    edits = [search_and_replace("a", "one", "two"), search_and_replace("a", "two", "three")]
    assert patch("a", b"one\ntwo\n", edits).after == b"two\nthree\n"


def test_edits_of_the_same_line_are_refused() -> None:
    edits = [search_and_replace("a", "x = 1", "y = 1"), search_and_replace("a", "= 1", "= 2")]
    with pytest.raises(ToolRetry, match="two edits change line 1"):
        patch("a", b"x = 1\n", edits)


def test_edits_may_share_lines_that_stay() -> None:
    edits = [search_and_replace("a", "1\n2\n", "one\n2\n"), search_and_replace("a", "2\n3\n", "2\nthree\n")]
    assert patch("a", b"1\n2\n3\n", edits).after == b"one\n2\nthree\n"


def test_every_wrong_edit_is_named() -> None:
    edits = [search_and_replace("a", "nothing", ""), search_and_replace("a", "1", "2"), search_and_replace("a", "", "")]
    with pytest.raises(ToolRetry) as caught:
        patch("a", b"1\n", edits)
    assert [line.partition(":")[0] for line in str(caught.value).split("\n")] == ["a, edit 1", "a, edit 3"]


@given(st.lists(st.sampled_from("abc"), max_size=40), st.booleans(), st.data())
def test_the_diff_of_a_patch_applies_to_the_file_and_gives_the_patch(
    lines: list[str], final: bool, data: st.DataObject
) -> None:
    numbered = [f"{n} {line}" for n, line in enumerate(["start", *lines])]
    file = ("\n".join(numbered) + ("\n" if final else "")).encode()
    rows = sorted(data.draw(st.sets(st.integers(0, len(lines)), min_size=1, max_size=4)))
    new = data.draw(st.lists(st.sampled_from(["", "x\n", "x\ny\nz\n"]), min_size=len(rows), max_size=len(rows)))
    edits = [search_and_replace("f", f"{numbered[row]}\n", text) for row, text in zip(rows, new, strict=True)]
    patched = patch("f", file, edits)
    diff = "\n".join(unified(patched)) + "\n"
    assert b"".join(_applied(file.splitlines(keepends=True), diff)) == patched.after


def _applied(file: list[bytes], diff: str) -> Iterator[bytes]:
    """The diff taken by its line numbers, as the plainest tools do."""
    at = 0
    for header, body in re.findall(r"^@@ -(\d+,\d+) .* @@\n((?:[ +\-\\].*\n)*)", diff, re.M):
        start, count = map(int, header.split(","))
        first = start - 1 if count else start
        yield from file[at:first]
        at = first + count
        for line, mark in re.findall(r"^([ +\-].*)\n(\\ No.*\n)?", body, re.M):
            if line[0] != "-":
                yield line[1:].encode() + (b"" if mark else b"\n")
    yield from file[at:]


LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff"), max_size=8)
FILES = st.lists(LINE, min_size=1, max_size=12)


@given(FILES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(), st.data())
def test_an_edit_and_its_reverse_give_the_bytes_back(
    lines: list[str], end: str, final: bool, bom: bool, data: st.DataObject
) -> None:
    file = (b"\xef\xbb\xbf" if bom else b"") + (end.join(lines) + (end if final else "")).encode()
    start = data.draw(st.integers(0, len(lines) - 1))
    stop = data.draw(st.integers(start + 1, len(lines)))
    old = "".join(f"{line}\n" for line in lines[start:stop])
    new = "".join(f"{line}\n" for line in data.draw(st.lists(LINE, min_size=1, max_size=4)))
    try:
        after = patch("a.txt", file, [search_and_replace("a.txt", old, new)]).after
        back = patch("a.txt", after, [search_and_replace("a.txt", new, old)]).after
    except ToolError:
        return
    assume(end.encode() in after or end.encode() not in file)  # else nothing remembers the line ends
    assume(after.endswith(b"\n") == file.endswith(b"\n"))  # a blank last line without an end is none
    assert back == file


@given(st.binary(max_size=60), FILES, FILES)
def test_whatever_is_given_is_refused_clearly_or_leaves_the_rest_alone(
    data: bytes, old: list[str], new: list[str]
) -> None:
    try:
        patched = patch("a.txt", data + b"\nmarker\n", [search_and_replace("a.txt", "\n".join(old), "\n".join(new))])
    except ToolError as error:
        assert str(error)
        return
    assert patched.before == data + b"\nmarker\n"
