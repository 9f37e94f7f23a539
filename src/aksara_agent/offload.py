"""Keeping large tool results out of what the model is sent; the journal has them, and recall_result shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from aksara_agent.usage import CHARACTERS_PER_TOKEN

SMALL = 800  # characters of a result that is not worth keeping out
BEGINNING = 200  # characters of it that stay
KEPT_OUT = "\n… kept out to save room: "


def keep_out(messages: Sequence[BaseMessage], tokens: int) -> list[ToolMessage]:
    """Short versions of so many old tool results, the oldest first, that about ``tokens`` are saved.

    Those of the last step stay whole: the model has not thought about them yet.
    """
    shortened: list[ToolMessage] = []
    saved = 0
    for message in messages[: _last_step(messages)]:
        if saved >= tokens * CHARACTERS_PER_TOKEN:
            break
        if isinstance(message, ToolMessage) and len(text := str(message.content)) > SMALL and KEPT_OUT not in text:
            shortened.append(_shortened(message, BEGINNING))
            saved += len(text) - len(str(shortened[-1].content))
    return shortened


def keep_out_new(messages: Sequence[BaseMessage], tokens: int) -> list[ToolMessage]:
    """Short versions of the last step's results, which share ``tokens`` among them."""
    results = [m for m in messages[_last_step(messages) :] if isinstance(m, ToolMessage)]
    share = max(BEGINNING, tokens * CHARACTERS_PER_TOKEN // max(1, len(results)))
    return [_shortened(m, share) for m in results if len(str(m.content)) > share + SMALL]


def put(messages: Sequence[BaseMessage], shortened: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The conversation with these messages in the places of those with the same ids."""
    by_id = {message.id: message for message in shortened}
    return [by_id.get(message.id, message) for message in messages]


def steps_from(messages: Sequence[BaseMessage]) -> Iterator[int]:
    """Where the model's answers stand: the conversation may be cut before each of them."""
    return (index for index, message in enumerate(messages) if isinstance(message, AIMessage))


def _last_step(messages: Sequence[BaseMessage]) -> int:
    return max(steps_from(messages), default=len(messages))


def _shortened(message: ToolMessage, characters: int) -> ToolMessage:
    text = str(message.content)
    place = f"recall_result(call_id={message.tool_call_id!r}) shows all {len(text):,} characters."
    return message.model_copy(update={"content": f"{text[:characters]}{KEPT_OUT}{place}"})
