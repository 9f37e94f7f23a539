"""No text makes hiding slow: four times the text takes about four times the work, not sixteen."""

import time

import pytest

from aksara_agent.redaction import Redactor

MEGABYTE = 1_000_000
AWKWARD = {
    "one word": "a",
    "spaces": " ",
    "quotes": '"',
    "backslashes": "\\",
    "words": "password",
    "names": "key_",
    "open strings": 'password="',
    "open strings of two kinds": "token='secret=\"",
    "open blocks": 'password = """\\"',
    "bare values": "token=",
    "bare values, indented": " password: a",
    "annotations": "token: a, ",
    "URLs": "://a:",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.",
    "JWT without dots": "eyJ",
    "sk-": "sk-",
    "key blocks": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n",
    "key block without an end": "PRIVATE KEY-----BEGIN PRIVATE KEY-----MIIEvQIBADANBgkq",
    "headers": "authorization: bearer ",
    "placeholders": "[secret-a1b2c3d4]",
    "secrets": 'password = "hunter2"\n',
    "secrets between placeholders": "[secret-a1b2c3d4]password='hunter2'",
    "sentences": 'password="A b c d e f g h',
}


def work(text: str, tries: int = 3) -> float:
    """Processor seconds, the least of some tries."""
    seconds = []
    for _ in range(tries):
        redactor, started = Redactor({"TOKEN": "abcdefgh12"}), time.process_time()
        redactor.hide(text)
        seconds.append(time.process_time() - started)
    return min(seconds)


@pytest.mark.parametrize("piece", AWKWARD.values(), ids=AWKWARD)
def test_work_grows_with_the_text_and_not_faster(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))
    assert work(text, tries=1) < 8 * work(text[: MEGABYTE // 4]) + 0.05


def test_indentation_before_many_values_is_read_once() -> None:
    text = " " * (MEGABYTE // 2) + "password=x " * (MEGABYTE // 22)
    assert work(text, tries=1) < 8 * work(" " * (MEGABYTE // 8) + "password=x " * (MEGABYTE // 88)) + 0.05
