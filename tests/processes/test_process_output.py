"""Output: text from bytes, bounded."""

import pytest

from aksara_agent.processes.output import Output


def _kept(limit: int, *pieces: bytes) -> Output:
    output = Output(limit)
    for piece in pieces:
        output.add(piece)
    output.add(b"", final=True)
    return output


def test_output_within_the_limit_is_kept_whole() -> None:
    output = _kept(6, b"abc", b"", b"def")
    assert (output.text, output.left_out) == ("abcdef", 0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_of_longer_output_beginning_and_end_are_kept(size: int) -> None:
    data = bytes(range(65, 91)) * 2
    output = _kept(10, *(data[start : start + size] for start in range(0, len(data), size)))
    assert (output.text, output.left_out) == ("ABCDE\n… 42 characters left out …\nVWXYZ", 42)


@pytest.mark.parametrize(
    ("limit", "text"), [(1, "a\n… 2 characters left out …\n"), (2, "a\n… 1 characters left out …\nc")]
)
def test_the_smallest_limits_hold(limit: int, text: str) -> None:
    assert _kept(limit, b"abc").text == text


def test_a_limit_that_keeps_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="max_output=0"):
        Output(0)


def test_a_character_that_is_split_between_two_pieces_is_read_whole() -> None:
    heard: list[str] = []
    output = Output(10, heard.append)
    for byte in "é😀".encode():
        output.add(bytes([byte]))
    assert (output.text, heard) == ("é😀", ["é", "😀"])


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert _kept(10, b"a\xffb", b"\xe2\x82").text == "a�b�"
