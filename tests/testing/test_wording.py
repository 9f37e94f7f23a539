"""Numbers in error messages are read aloud without a stumble."""

import pytest

from aksara_agent.testing.wording import an_ordinal, counted, quoted, times


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "a first"),
        (2, "a second"),
        (3, "a third"),
        (5, "a fifth"),
        (6, "a 6th"),
        (8, "an 8th"),
        (11, "an 11th"),
        (12, "a 12th"),
        (18, "an 18th"),
        (21, "a 21st"),
        (22, "a 22nd"),
        (23, "a 23rd"),
        (80, "an 80th"),
        (111, "a 111th"),
    ],
)
def test_ordinals_have_the_right_article_and_ending(number: int, words: str) -> None:
    assert an_ordinal(number) == words


def test_counts_agree_with_their_nouns() -> None:
    assert [counted(n, "reply", "replies") for n in range(3)] == ["no replies", "1 reply", "2 replies"]
    assert [times(n) for n in range(3)] == ["never", "once", "2 times"]


def test_a_long_value_is_cut_in_a_message() -> None:
    assert quoted("ab") == "'ab'"
    assert len(quoted("a" * 10_000)) == 201
