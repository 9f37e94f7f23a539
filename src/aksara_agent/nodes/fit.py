"""Keeping a request within its tokens: large results are kept out first, then the past is condensed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from aksara_agent import limits, offload
from aksara_agent.prompts import text
from aksara_agent.resources import Resources
from aksara_agent.results import Usage
from aksara_agent.state import State, Summary
from aksara_agent.transcript import after_summary, calls_of, is_task, prompt
from aksara_agent.usage import CHARACTERS_PER_TOKEN, add_usage, estimate

USUAL_BUDGET = 100_000  # tokens; where nothing else is set, large results are kept out beyond it
AIM = 0.75  # of the budget, so that not every request has to be shortened anew
KEPT_STEPS = 2  # the last think-act cycles, which are never condensed
MOST_DONE, MOST_NOTES = 100, 50  # lines of a summary


class TooLong(Exception):
    """The request does not fit, whatever is left out."""


@dataclass
class Fitted:
    """A request that fits, about how many tokens it has, and what the state must remember of how it was made to."""

    messages: list[BaseMessage]
    tokens: int
    usage: Usage
    update: dict[str, Any] = field(default_factory=dict)


async def fit(state: State, resources: Resources, mode: str, notice: str | None) -> Fitted:
    """The request for the model, shortened where it must be. Raises TooLong."""
    system, budget = await resources.instructions(mode), limits.input_budget(state, resources.context)
    conversation: list[BaseMessage] = [*state["messages"]]
    summary, usage = state.get("summary"), state["usage"]
    beside = resources.specification_size(mode) // CHARACTERS_PER_TOKEN

    def request(**update: Any) -> Fitted:
        messages = prompt(system, conversation, notice, summary)
        return Fitted(messages, estimate(messages) + beside, usage, update)

    def over(fitted: Fitted, limit: float) -> int:
        return int(fitted.tokens * state["token_ratio"] - limit)

    allowed, whole = budget or USUAL_BUDGET, request()
    if over(whole, allowed) <= 0:
        return whole
    short: list[BaseMessage] = [*offload.keep_out(after_summary(conversation, summary), over(whole, AIM * allowed))]
    conversation = offload.put(conversation, short)
    if budget and over(request(), budget) > 0 and (covered := _past(after_summary(conversation, summary))):
        summary, usage = await _condensed(covered, summary, resources, state)
    if budget and (excess := over(request(), budget)) > 0:
        new = offload.keep_out_new(conversation, int(AIM * max(0, _last_results(conversation) - excess)))
        conversation, short = offload.put(conversation, new), [*short, *new]
    shortened = request(messages=short, summary=summary)
    if budget and (excess := over(shortened, budget)) > 0:
        raise TooLong(_too_long(budget, budget + excess))
    return shortened


def _past(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """What may be condensed: all but the last steps."""
    starts = list(offload.steps_from(messages))
    return list(messages[: starts[-KEPT_STEPS]]) if len(starts) > KEPT_STEPS else []


async def _condensed(
    covered: Sequence[BaseMessage], earlier: Summary | None, resources: Resources, state: State
) -> tuple[Summary, Usage]:
    """A summary of the past: the model's words, and what the calls themselves say they did."""
    done = [*(earlier["done"] if earlier else ()), *_calls(covered)]
    notes = [*(earlier["notes"] if earlier else ()), *_notes(covered)]
    left_out = [f"({len(done) - MOST_DONE} earlier calls)"] if len(done) > MOST_DONE else []
    words, usage = await _words(covered, earlier, resources, state)
    summary: Summary = {
        "upto": str(covered[-1].id),
        "text": words,
        "done": [*left_out, *done[-MOST_DONE:]],
        "notes": notes[-MOST_NOTES:],
    }
    return summary, usage


async def _words(
    covered: Sequence[BaseMessage], earlier: Summary | None, resources: Resources, state: State
) -> tuple[str, Usage]:
    """The model's own summary. A model that fails here costs the words, not the run."""
    budget = limits.input_budget(state, resources.context) or USUAL_BUDGET
    record = "\n".join([*([earlier["text"]] if earlier else []), *map(_line, covered)])
    asked = [SystemMessage(text("summary")), HumanMessage(record[-int(budget * AIM) * CHARACTERS_PER_TOKEN :])]
    try:
        answer: AIMessage = await resources.model_at(state["fallback"]).ainvoke(asked)
    except Exception:  # every provider raises its own; the next request tells what is wrong
        return (earlier["text"] if earlier else ""), state["usage"]
    return answer.text, add_usage(state["usage"], asked, answer, resources.price_at(state["fallback"]))


def _line(message: BaseMessage) -> str:
    """One message in a few words."""
    who = "user" if is_task(message) else message.type
    calls = "".join(f" [calls {call['name']} {str(call['args'])[:200]}]" for call in calls_of(message))
    return f"{who}: {str(message.text)[:600]}{calls}"


def _calls(messages: Sequence[BaseMessage]) -> list[str]:
    """What was called and how it ended, a line each; notes are kept apart."""
    ended = {m.tool_call_id: m.status for m in messages if isinstance(m, ToolMessage)}
    return [
        f"{call['name']} {str(call['args'])[:160]}: {'done' if ended.get(call['id']) == 'success' else 'not done'}"
        for message in messages
        for call in calls_of(message)
        if call["name"] != "note_progress"
    ]


def _notes(messages: Sequence[BaseMessage]) -> list[str]:
    calls = [call for message in messages for call in calls_of(message)]
    return [str(call["args"].get("note", "")) for call in calls if call["name"] == "note_progress"]


def _last_results(messages: Sequence[BaseMessage]) -> int:
    """About how many tokens the results of the last step are."""
    start = max(offload.steps_from(messages), default=len(messages))
    return estimate([message for message in messages[start:] if isinstance(message, ToolMessage)])


def _too_long(budget: int, needed: int) -> str:
    return (
        f"The instructions, the tools and the last step alone need about {needed:,} tokens, and a request may have "
        f"{budget:,}. Raise max_input_tokens, offer fewer tools, or give a shorter task."
    )
