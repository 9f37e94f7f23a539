"""Counting tokens: what the provider says, or an honest estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

from aksara_agent.context import Price
from aksara_agent.results import Usage

CHARACTERS_PER_TOKEN = 4  # the usual rule of thumb for English text and code


def add_usage(usage: Usage, sent: Sequence[BaseMessage], answer: AIMessage, price: Price | None = None) -> Usage:
    """The usage with one request and its answer added; marked when the provider sent no counts."""
    counts: Mapping[str, Any] = answer.usage_metadata or {
        "input_tokens": estimate(sent),
        "output_tokens": estimate([answer]),
    }
    cost = usage.get("cost")
    if price is not None:
        cost = (cost or 0.0) + _cost(counts, price)
    return {
        "input_tokens": usage["input_tokens"] + counts["input_tokens"],
        "output_tokens": usage["output_tokens"] + counts["output_tokens"],
        "total_tokens": usage["total_tokens"] + counts["input_tokens"] + counts["output_tokens"],
        "estimated": usage["estimated"] or not answer.usage_metadata,
        "cost": cost,
    }


def estimate(messages: Sequence[BaseMessage]) -> int:
    """About how many tokens these messages are."""
    return sum(map(_size, messages))


def price_of(model: str, prices: Mapping[str, Price]) -> Price | None:
    """The price of a model, by its whole name or by its name without the provider."""
    return prices.get(model) or prices.get(model.partition(":")[2])


def _cost(counts: Mapping[str, Any], price: Price) -> float:
    """Prices are per million tokens; input that the provider had in its cache may be cheaper."""
    cached = (counts.get("input_token_details") or {}).get("cache_read", 0) if price.cached_input is not None else 0
    fresh, written = int(counts["input_tokens"]) - cached, int(counts["output_tokens"])
    return float(fresh * price.input + cached * (price.cached_input or 0.0) + written * price.output) / 1e6


def _size(message: BaseMessage) -> int:
    calls = message.tool_calls if isinstance(message, AIMessage) else []
    return (len(str(message.content)) + sum(len(str(call["args"])) for call in calls)) // CHARACTERS_PER_TOKEN + 1
