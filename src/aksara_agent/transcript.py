"""The conversation as the model is shown it, and the calls that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from aksara_agent.state import Call, Summary

CUT_OFF = "The call was cut off by the limit of output tokens. Send it again, shorter."
RUNTIME = "runtime"  # the name on messages that we, not the user, put into the conversation


def is_task(message: BaseMessage) -> bool:
    """Whether a person wrote this message; such a message starts a run."""
    return isinstance(message, HumanMessage) and message.name != RUNTIME


def calls_of(message: BaseMessage) -> list[Call]:
    """The tool calls of a message, those with unreadable arguments included and marked."""
    if not isinstance(message, AIMessage):
        return []
    good: list[Call] = [{"id": c["id"] or "", "name": c["name"], "args": c["args"]} for c in message.tool_calls]
    if message.response_metadata.get("finish_reason") == "length":
        good = [{**call, "problem": CUT_OFF} for call in good]
    bad: list[Call] = [
        {"id": c["id"] or "", "name": c["name"] or "", "args": {}, "problem": _unreadable(c["args"])}
        for c in message.invalid_tool_calls
    ]
    return good + bad


def last_text(messages: Sequence[BaseMessage]) -> str:
    """The last words of the model in this run, without what it said before the task."""
    for message in reversed(messages):
        if is_task(message):
            return ""
        if isinstance(message, AIMessage) and (text := text_of(message)):
            return text
    return ""


def text_of(message: BaseMessage) -> str:
    """The text of a message whose content may also be a list of blocks."""
    return str(message.text)


def prompt(
    system: str, messages: Sequence[BaseMessage], notice: str | None, summary: Summary | None = None
) -> list[BaseMessage]:
    """What is sent: the fixed instructions first, so that providers can cache them, then the conversation."""
    shown: list[BaseMessage] = [SystemMessage(system), *_repaired(_condensed(messages, summary))]
    return [*shown, HumanMessage(notice, name=RUNTIME)] if notice else shown


def after_summary(messages: Sequence[BaseMessage], summary: Summary | None) -> list[BaseMessage]:
    """The messages that the summary does not stand for."""
    ids = [message.id for message in messages]
    return list(messages[ids.index(summary["upto"]) + 1 :]) if summary and summary["upto"] in ids else list(messages)


def _condensed(messages: Sequence[BaseMessage], summary: Summary | None) -> list[BaseMessage]:
    """The conversation with the summary in the place of what it stands for; the task itself stays as it was said."""
    rest = after_summary(messages, summary)
    if summary is None or len(rest) == len(messages):
        return rest
    tasks = [message for message in messages if is_task(message)]
    told_again = [] if any(is_task(message) for message in rest) else tasks[-1:]
    return [HumanMessage(_summary_text(summary), name=RUNTIME), *told_again, *rest]


def _summary_text(summary: Summary) -> str:
    parts = ["What was said and done so far, condensed to save room.", summary["text"]]
    for title, lines in (("Calls and how they ended:", summary["done"]), ("Your notes:", summary["notes"])):
        parts += ["\n".join([title, *(f"- {line}" for line in lines)])] if lines else []
    return "\n\n".join(part for part in parts if part)


def _repaired(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Providers refuse a conversation with unreadable or unanswered calls; the stored one stays as it was."""
    answered = {m.tool_call_id for m in messages if isinstance(m, ToolMessage)}
    repaired: list[BaseMessage] = []
    for message in messages:
        repaired.append(_with_readable_calls(message))
        for call in calls_of(message):
            if call["id"] not in answered:
                text = "No result: the run ended before this call was carried out."
                repaired.append(ToolMessage(text, tool_call_id=call["id"], name=call["name"], status="error"))
    return repaired


def _with_readable_calls(message: BaseMessage) -> BaseMessage:
    if not isinstance(message, AIMessage) or not message.invalid_tool_calls:
        return message
    calls: list[dict[str, Any]] = [
        {"id": call["id"], "name": call["name"], "args": call["args"], "type": "tool_call"}
        for call in calls_of(message)
    ]
    return message.model_copy(update={"tool_calls": calls, "invalid_tool_calls": []})


def _unreadable(arguments: str | None) -> str:
    shown = (arguments or "")[:200]
    return f"The arguments are not valid JSON: {shown!r}. Send the call again with one JSON object."
