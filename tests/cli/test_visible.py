"""Text from files, rows and models cannot command the terminal it is shown on."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aksara_agent.cli.visible import HIDDEN, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("one\ntwo", "one\\ntwo"),
        ("one\rtwo", "one\\rtwo"),
        ("one\ttwo", "one\ttwo"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("née [bold] 数 🎉", "née [bold] 数 🎉"),
    ],
)
def test_commands_to_the_terminal_become_visible_and_letters_stay(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_line_breaks_stay_where_they_are_asked_for() -> None:
    assert visible("one\n\x1btwo", keep="\n") == "one\n\\x1btwo"


@given(st.text(st.characters()))
def test_nothing_hidden_is_left_in_any_text(text: str) -> None:
    assert all(unicodedata.category(c) not in HIDDEN or c == "\t" for c in visible(text))


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp"))))
def test_text_without_hidden_characters_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text
