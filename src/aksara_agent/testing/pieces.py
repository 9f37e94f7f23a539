"""Cuts an answer into the pieces in which a provider streams it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aksara_agent.testing.replies import Reply

LONGEST_PIECE = 12
"""In characters; about the longest token that a model streams."""


@dataclass(frozen=True)
class CallPiece:
    """A part of one tool call. Only its first piece carries the name and the id."""

    index: int
    name: str | None
    id: str | None
    arguments: str


def pieces_of(reply: Reply) -> Iterator[str | CallPiece]:
    """The text of a reply word by word, then each of its tool calls in parts."""
    yield from cut(reply.text)
    for index, tool_call in enumerate(reply.tool_calls):
        yield CallPiece(index, tool_call.name, tool_call.id, "")
        for piece in cut(tool_call.raw_arguments):
            yield CallPiece(index, None, None, piece)


def cut(text: str) -> list[str]:
    """The text in pieces of about a word; joined they are the text again."""
    return re.findall(rf"\s*\S{{1,{LONGEST_PIECE}}}|\s+", text)
