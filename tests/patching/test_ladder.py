"""What is overlooked to find the place of an edit, and what is not."""

from __future__ import annotations

import pytest
from patching_use import Replace

from aksara_agent.errors import ToolRetry

FILE = "def f(a):\n    x = 1\n\n    return a + x\n\n\ndef g(b):\n    y = 2\n\n    return b + y\n"


def test_the_exact_text_is_replaced(replaced: Replace) -> None:
    assert replaced(FILE, "    x = 1\n", "    x = 3\n") == FILE.replace("x = 1", "x = 3").encode()


def test_a_text_within_a_line_is_replaced(replaced: Replace) -> None:
    assert replaced("a = foo(1) + bar\n", "foo(1)", "foo(2,\n        3)") == b"a = foo(2,\n        3) + bar\n"


@pytest.mark.parametrize("search", ["oo(1)", "foo(1", "= foo", "max"])
def test_a_text_does_not_begin_or_end_within_a_word(replaced: Replace, search: str) -> None:
    with pytest.raises(ToolRetry, match="not in the file"):
        replaced("a == foo(12)\nmaximum\n", search, "zap")


def test_lines_are_removed_with_their_ends(replaced: Replace) -> None:
    assert replaced(FILE, "    x = 1\n\n", "") == FILE.replace("    x = 1\n\n", "").encode()
    assert replaced("a\nb\nc\n", "b", "") == b"a\nc\n"


def test_a_place_is_named_by_line_when_there_are_two(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match=r"fits 2 places, at lines 1, 3\. Add lines"):
        replaced("a\nb\na\n", "a\n", "c\n")
    with pytest.raises(ToolRetry, match="fits 2 places, at lines 2, 4"):
        replaced("if a:\n    x = 1\nif b:\n        x = 1\n", "    x = 1", "    x = 2", "a.txt")


def test_all_exact_places_are_replaced_when_asked_for(replaced: Replace) -> None:
    assert replaced("a(b, a)\nba\na\n", "a", "x", everywhere=True) == b"x(b, x)\nba\nx\n"
    assert replaced("a\nb\n  a\nb\n", "a\n", "x\ny\n", everywhere=True) == b"x\ny\nb\n  x\n  y\nb\n"


def test_a_line_is_not_broken_by_a_new_line_that_only_the_replacement_has(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match="Give whole lines"):
        replaced("x = f(a)\n", "x = f(", "y = f(\n")
    assert replaced("x = f(a)\n", "= f(a)", "= g(a)\n") == b"x = g(a)\n"


@pytest.mark.parametrize("search", ["    x = 1   \n", "    x = 1", "x = 1", "\tx = 1\n", "        x = 1\n"])
def test_trailing_space_and_indentation_may_differ(replaced: Replace, search: str) -> None:
    indent = search[: len(search) - len(search.lstrip())]
    assert replaced(FILE, search, f"{indent}x = 3") == FILE.replace("x = 1", "x = 3").encode()


def test_lines_that_stay_keep_their_trailing_space(replaced: Replace) -> None:
    assert replaced("a  \nb\n", "a\nb\n", "a\nc\n") == b"a  \nc\n"


def test_trailing_space_does_not_tell_one_place_from_another(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match="fits 2 places, at lines 1, 3"):
        replaced("a\nb\na  \nb\n", "a\nb\n", "a\nc\n")


def test_the_replacement_is_shifted_like_the_searched_text(replaced: Replace) -> None:
    file = "class A:\n    def f(self):\n        return 1\n"
    new = "def f(self):\n    if self:\n        return 2\n"
    assert replaced(file, "def f(self):\n    return 1\n", new).decode() == (
        "class A:\n    def f(self):\n        if self:\n            return 2\n"
    )


def test_tabs_and_spaces_may_be_confused(replaced: Replace) -> None:
    assert replaced("if a:\n\tb\n", "if a:\n    b\n", "if a:\n    if c:\n        b\n") == b"if a:\n\tif c:\n\t\tb\n"
    assert replaced("if a:\n  b\n", "if a:\n\tb\n", "if a:\n\tif c:\n\t\tb\n") == b"if a:\n  if c:\n    b\n"


@pytest.mark.parametrize(
    ("search", "replace"),
    [
        ("x = 1", "    x = 3"),  # the replacement is indented rightly, the search is not
        ("if a:\n  b\n   c", "if a:\n  d"),  # no one shift
        ("        x = 1", "    x = 3"),
    ],
)
def test_a_shift_that_does_not_explain_all_lines_is_refused(replaced: Replace, search: str, replace: str) -> None:
    with pytest.raises(ToolRetry, match="indentation"):
        replaced("def f():\n    x = 1\n    if a:\n        b\n        c\n", search, replace)


def test_blank_lines_may_differ_between_lines_that_stay(replaced: Replace) -> None:
    search, replace = "def f(a):\n    x = 1\n    return a + x\n", "def f(a, c):\n    x = 1\n    return a + x\n"
    assert replaced(FILE, search, replace) == FILE.replace("def f(a)", "def f(a, c)").encode()
    assert (
        replaced(FILE, "    x = 1\n    return a + x\n", "    x = 1\n    return a * x\n")
        == FILE.replace("a + x", "a * x").encode()
    )


def test_blank_lines_next_to_a_change_may_not(replaced: Replace) -> None:
    search, replace = "    x = 1\n    return a + x\n", "    x = 1\n    z = 2\n    return a + x\n"
    with pytest.raises(ToolRetry, match="blank lines differ"):
        replaced(FILE, search, replace)


TYPO = "def total(items):\n    amount = compute(items)\n    return amount\n"


def test_one_typo_is_overlooked_and_does_not_get_into_the_file(replaced: Replace) -> None:
    search = "def total(items):\n    amount = compuet(items)\n    return amount\n"
    rounded = replaced(TYPO, search, search.replace("return amount", "return round(amount)"))
    assert rounded.decode() == TYPO.replace("return amount", "return round(amount)")
    corrected = TYPO.replace("compute(items)", "compute(all)")
    assert replaced(TYPO, search, corrected).decode() == corrected


@pytest.mark.parametrize(
    ("search", "replace"),
    [
        ("    amount = compuet(items)\n", "    amount = 0\n"),  # nothing around it
        (TYPO.replace("compute(", "compuet("), TYPO.replace("compute(items)", "compuet(all)")),  # repeated
        (TYPO.replace("compute(items)", "computer(thing)"), TYPO.replace("compute", "measure")),  # two of them
        (TYPO.replace("= compute", "=  compuet"), TYPO.replace("compute", "measure")),
        (TYPO.replace("compute(items)", "compute(item)"), TYPO.replace("compute", "measure") + "# item"),
    ],
)
def test_more_than_a_typo_is_refused(replaced: Replace, search: str, replace: str) -> None:
    with pytest.raises(ToolRetry):
        replaced(TYPO, search, replace)


def test_a_word_that_the_file_has_elsewhere_is_no_typo(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match="not in the file"):
        replaced(f"user = 1\n{TYPO}users = items\n", TYPO.replace("items", "item") + "user = items\n", "")


@pytest.mark.parametrize("other", ["computes", "_compute", "Compute", "comput"])
def test_another_beginning_or_end_makes_another_word(replaced: Replace, other: str) -> None:
    with pytest.raises(ToolRetry, match="not in the file"):
        replaced(TYPO, TYPO.replace("compute", other), "")


def test_punctuation_is_no_typo(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match="not in the file"):
        replaced(TYPO, TYPO.replace("(items)\n", "(items).\n"), "")


def test_a_digit_is_no_typo(replaced: Replace) -> None:
    file = "first_name = Column(20)\nlast_name = Column(30)\nother = Column(40)\n"
    with pytest.raises(ToolRetry, match=r"line 2 is 'last_name = Column\(30\)', not 'last_name = Column\(50\)'"):
        replaced(file, file.replace("30", "50"), file.replace("30", "60"))


def test_what_is_not_found_is_answered_with_the_nearest_place_and_what_differs(replaced: Replace) -> None:
    with pytest.raises(ToolRetry) as caught:
        replaced(FILE, "def g(c):\n    y = 2\n", "def g(c):\n    y = 3\n")
    assert str(caught.value) == (
        "a.txt: the searched text is not in the file. Nearest is line 7: line 7 is 'def g(b):', not 'def g(c):'."
    )
    with pytest.raises(ToolRetry, match="Nothing in it is similar"):
        replaced(FILE, "SELECT * FROM posts", "")


def test_an_edit_that_is_already_made_says_so(replaced: Replace) -> None:
    after = replaced(FILE, "    x = 1\n", "    x = 3\n")
    with pytest.raises(ToolRetry, match="the replacement is, at line 2: already made"):
        replaced(after, "    x = 1\n", "    x = 3\n")
    added = replaced(FILE, "    x = 1\n", "    x = 1\n    z = 2\n")
    with pytest.raises(ToolRetry, match="already made: the replacement stands at line 2"):
        replaced(added, "    x = 1\n", "    x = 1\n    z = 2\n")


def test_an_edit_that_changes_nothing_says_so(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match="search and replace are the same"):
        replaced(FILE, "x = 1", "x = 1")


@pytest.mark.parametrize("search", ["", "\n", "  \n\t\n"])
def test_an_empty_search_is_refused(replaced: Replace, search: str) -> None:
    with pytest.raises(ToolRetry, match="searched text is empty"):
        replaced(FILE, search, "x")


@pytest.mark.parametrize(
    "line",
    [
        "# ...",
        "    // ... existing code ...",
        "<!-- ... -->",
        "# … the rest as before",
        "# rest of the class",
        "# ...",
        "/* ... */",
    ],
)
def test_a_replacement_that_leaves_something_out_is_refused(replaced: Replace, line: str) -> None:
    with pytest.raises(ToolRetry, match="stands for lines that are left out"):
        replaced(FILE, "    x = 1\n", f"    x = 3\n{line}\n")


def test_a_comment_may_begin_with_dots(replaced: Replace) -> None:
    assert b"...and so on" in replaced(FILE, "    x = 1\n", "    # ...and so on\n    x = 3\n")


def test_line_numbers_of_read_file_are_pointed_out(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match="Leave out the line numbers that read_file shows"):
        replaced(FILE, "    2     x = 1\n", "    x = 3\n")


def test_an_ellipsis_is_python_where_a_body_can_begin(replaced: Replace) -> None:
    assert b"..." in replaced("def f(): pass\n", "def f(): pass\n", "def f():\n    ...\n", "a.py")
    with pytest.raises(ToolRetry, match="left out"):
        replaced("def f(): pass\n", "def f(): pass\n", "def f():\n    a = 1\n    ...\n", "a.py")


def test_an_ellipsis_in_the_search_does_not_stand_for_lines(replaced: Replace) -> None:
    with pytest.raises(ToolRetry, match="cannot stand for others"):
        replaced(FILE, "def f(a):\n    # ...\n    return a + x\n", "def f(a):\n    return 0\n")
