"""Counting tokens: what the provider says, or an honest estimate."""

from __future__ import annotations

from collections.abc import Sequence

from langchain_core.messages import AIMessage, BaseMessage

from aksara_agent.results import Usage

CHARACTERS_PER_TOKEN = 4  # the usual rule of thumb for English text and code


def add_usage(usage: Usage, sent: Sequence[BaseMessage], answer: AIMessage) -> Usage:
    """The usage with one request and its answer added; marked when the provider sent no counts."""
    counts = answer.usage_metadata
    if counts:
        return _sum(usage, counts["input_tokens"], counts["output_tokens"], usage["estimated"])
    return _sum(usage, sum(map(_estimate, sent)), _estimate(answer), estimated=True)


def _estimate(message: BaseMessage) -> int:
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    return (len(str(message.content)) + sum(len(str(call["args"])) for call in calls)) // CHARACTERS_PER_TOKEN + 1


def _sum(usage: Usage, sent: int, received: int, estimated: bool) -> Usage:
    return {
        "input_tokens": usage["input_tokens"] + sent,
        "output_tokens": usage["output_tokens"] + received,
        "total_tokens": usage["total_tokens"] + sent + received,
        "estimated": estimated,
    }
