"""Unified diffs, as git and as models write them."""

from __future__ import annotations

import pytest

from aksara_agent.errors import ToolRetry
from aksara_agent.patching import edits_of, patch

HEAD = "--- a/x.txt\n+++ b/x.txt\n"


def after(data: str, diff: str) -> str:
    return patch("x.txt", data.encode(), edits_of(diff)).after.decode()


def test_hunks_of_several_files_are_told_apart() -> None:
    diff = (
        "diff --git a/one.py b/one.py\nindex 1..2 100644\n--- a/one.py\n+++ b/one.py\n@@ -1,2 +1,2 @@ f\n-a\n+b\n c\n"
        "--- two.py\t2026-01-01 00:00:00\n+++ two.py\t2026-01-02 00:00:00\n@@ -7 +7 @@\n-d\n+e\n@@ @@\n-f\n+g\n"
    )
    assert [(e.path, e.old, e.new, e.line) for e in edits_of(diff)] == [
        ("one.py", ("a", "c"), ("b", "c"), 1),
        ("two.py", ("d",), ("e",), 7),
        ("two.py", ("f",), ("g",), None),
    ]


def test_the_text_decides_and_not_the_line_number() -> None:
    assert after("a\nb\nc\n", f"{HEAD}@@ -40,2 +40,2 @@\n b\n-c\n+d\n") == "a\nb\nd\n"


def test_a_line_number_that_is_exactly_right_breaks_a_tie() -> None:
    assert after("a\nb\na\nb\n", f"{HEAD}@@ -3,2 +3,2 @@\n a\n-b\n+c\n") == "a\nb\na\nc\n"
    with pytest.raises(ToolRetry, match="fits 2 places, at lines 1, 3"):
        after("a\nb\na\nb\n", f"{HEAD}@@ -2,2 +2,2 @@\n a\n-b\n+c\n")


def test_a_hunk_is_made_of_whole_lines() -> None:
    with pytest.raises(ToolRetry, match="not in the file"):
        after("x = foo(1)\n", f"{HEAD}@@ -1 +1 @@\n-foo(1)\n+foo(2)\n")


def test_blank_lines_may_lack_their_space_and_those_after_the_hunk_do_not_count() -> None:
    assert after("a\n\nb\n", f"```diff\n{HEAD}@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n\n\n```\n") == "a\n\nc\n"


def test_removed_lines_may_look_like_headers() -> None:
    diff = f"{HEAD}@@ -1,3 +1,2 @@\n--- a comment\n-- [a list](of.md)\n+++ b\n c\n"
    assert after("-- a comment\n- [a list](of.md)\nc\n", diff) == "++ b\nc\n"


def test_the_signature_of_a_mailed_patch_is_no_line() -> None:
    assert after("a\nb\n", f"{HEAD}@@ -1,2 +1,2 @@\n-a\n+c\n b\n-- \n2.43.0\n") == "c\nb\n"


def test_the_newline_at_the_end_can_be_added_and_removed() -> None:
    mark = "\\ No newline at end of file\n"
    assert after("a\nb", f"{HEAD}@@ -1,2 +1,2 @@\n a\n-b\n{mark}+b\n") == "a\nb\n"
    assert after("a\nb\n", f"{HEAD}@@ -1,2 +1,2 @@\n a\n-b\n+c\n{mark}") == "a\nc"
    assert after("a\nb", f"{HEAD}@@ -1,2 +1,2 @@\n-a\n+x\n b\n{mark}") == "x\nb"
    with pytest.raises(ToolRetry, match="does not fit the end of the file"):
        after("a\nb\n", f"{HEAD}@@ -1,2 +1,2 @@\n a\n-b\n{mark}+b\n")


def test_quoted_names_are_read() -> None:
    diff = '--- "a/caf\\303\\251.txt"\n+++ "b/caf\\303\\251.txt"\n@@ -1 +1 @@\n-a\n+b\n'
    assert edits_of(diff)[0].path == "café.txt"


@pytest.mark.parametrize(
    ("diff", "said"),
    [
        ("", "No hunk was found"),
        ("please change a to b", "No hunk was found"),
        ("@@ -1 +1 @@\n-a\n+b\n", "no '--- ' and '[+]{3} ' lines name its file"),
        (f"{HEAD}@@ -1 +1 @@\nabc\n", "begins with neither"),
        (
            "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+a\n",
            "cannot be made by a diff: b/new.py. Make it with write_file",
        ),
        ("--- a/old.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", "cannot be deleted by a diff: a/old.py"),
        ("--- a/old.py\n+++ b/new.py\n@@ -1 +1 @@\n-a\n+b\n", "cannot be renamed by a diff: old.py to new.py"),
        ("diff --git a/x b/y\nrename from x\nrename to y\n", "'rename from x' cannot be applied"),
        ("*** Begin Patch\n*** Update File: x\n", "cannot be applied: give"),
        ('--- "a/\\x"\n+++ "b/\\x"\n@@ -1 +1 @@\n-a\n+b\n', "cannot be read"),
    ],
)
def test_what_is_no_diff_of_existing_files_is_refused(diff: str, said: str) -> None:
    with pytest.raises(ToolRetry, match=said):
        edits_of(diff)


def test_a_hunk_without_a_line_to_search_for_is_refused() -> None:
    with pytest.raises(ToolRetry, match="searched text is empty"):
        after("a\n", f"{HEAD}@@ -1,0 +2 @@\n+b\n")
