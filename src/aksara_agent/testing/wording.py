"""Puts numbers and messages into words for the error messages of this package."""

from typing import Any

LONGEST_QUOTE = 200
FIRST_ORDINALS = ["zeroth", "first", "second", "third", "fourth", "fifth"]


def an_ordinal(number: int) -> str:
    """1 is "a first", 8 "an 8th", 23 "a 23rd"."""
    if number < len(FIRST_ORDINALS):
        word = FIRST_ORDINALS[number]
    else:
        ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        word = f"{number}{ending}"
    starts_with_vowel = word.startswith("8") or word in ("11th", "18th")
    return f"{'an' if starts_with_vowel else 'a'} {word}"


def counted(number: int, singular: str, plural: str) -> str:
    """0 is "no replies", 1 "1 reply", 2 "2 replies"."""
    return f"{number or 'no'} {singular if number == 1 else plural}"


def times(number: int) -> str:
    """0 is "never", 1 "once", 2 "2 times"."""
    return {0: "never", 1: "once"}.get(number, f"{number} times")


def quoted(value: object) -> str:
    """The value as Python would write it, cut when it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


def describe_message(message: Any) -> str:
    """Who said what, for a LangChain message or one in OpenAI's format."""
    if isinstance(message, dict):
        return f"{message.get('role', 'unknown role')} {quoted(message.get('content'))}"
    return f"{message.type} {quoted(message.content)}"
