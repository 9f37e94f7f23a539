"""How answers are cut for streaming."""

from hypothesis import given
from hypothesis import strategies as st

from aksara_agent.testing import call, calls
from aksara_agent.testing.pieces import LONGEST_PIECE, CallPiece, cut, pieces_of


@given(st.text())
def test_pieces_joined_are_the_text_again(text: str) -> None:
    assert "".join(cut(text)) == text


@given(st.text())
def test_every_piece_is_about_a_word_and_none_is_empty(text: str) -> None:
    assert all(piece and len(piece.strip()) <= LONGEST_PIECE for piece in cut(text))


def test_words_keep_the_space_before_them_as_tokens_do() -> None:
    assert cut("It has five models.") == ["It", " has", " five", " models."]


def test_a_text_without_spaces_is_cut_too() -> None:
    assert len(cut("数" * 30)) == 3


def test_only_the_first_piece_of_a_call_carries_its_name_and_id() -> None:
    reply = calls(call("a", call_id="1"), call("b", x="y", call_id="2"), text="Now:")
    assert list(pieces_of(reply)) == [
        "Now:",
        CallPiece(0, "a", "1", ""),
        CallPiece(0, None, None, "{}"),
        CallPiece(1, "b", "2", ""),
        CallPiece(1, None, None, '{"x":'),
        CallPiece(1, None, None, ' "y"}'),
    ]
