"""One question to the model: bounded in time, streamed when someone listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, cast

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import invalid_tool_call, tool_call
from langchain_core.runnables import Runnable

from aksara_agent.models.failures import EmptyAnswer

Chat = Runnable[LanguageModelInput, Any]
Tell = Callable[[str], None]


async def ask(
    model: Chat, messages: Sequence[BaseMessage], tell: Tell, *, stream: bool, seconds: float | None
) -> AIMessage:
    """The model's answer; each piece of text goes to ``tell`` as it arrives.

    Raises what the provider raises, TimeoutError after ``seconds``, and EmptyAnswer for an answer without
    text and without tool calls.
    """
    async with asyncio.timeout(seconds):
        answer = await (_streamed(model, messages, tell) if stream else _whole(model, messages, tell))
    if not (answer.tool_calls or answer.invalid_tool_calls or answer.text.strip()):
        reason = answer.response_metadata.get("finish_reason")
        raise EmptyAnswer("The model answered with nothing" + (f" (finish_reason={reason!r})." if reason else "."))
    return answer


async def _whole(model: Chat, messages: Sequence[BaseMessage], tell: Tell) -> AIMessage:
    answer = cast(AIMessage, await model.ainvoke(list(messages)))
    if text := answer.text:
        tell(str(text))
    return answer


async def _streamed(model: Chat, messages: Sequence[BaseMessage], tell: Tell) -> AIMessage:
    whole: AIMessageChunk | None = None
    async for chunk in model.astream(list(messages)):
        if text := chunk.text:
            tell(str(text))
        if not isinstance(chunk, AIMessageChunk):  # a model that cannot stream sends its answer in one piece
            return cast(AIMessage, chunk)
        whole = chunk if whole is None else whole + chunk
    if whole is None:
        raise EmptyAnswer("The model's stream ended without an answer.")
    return _strict(whole)


def _strict(whole: AIMessageChunk) -> AIMessage:
    """The streamed answer with its calls read again.

    LangChain completes cut-off JSON in a stream, so a truncated write would look like a whole one.
    """
    calls, invalid = [], []
    for chunk in whole.tool_call_chunks:
        name, text, identity = chunk["name"] or "", chunk["args"] or "", chunk["id"]
        try:
            arguments = json.loads(text or "{}")
            if not isinstance(arguments, dict):
                raise ValueError("not a JSON object")
            calls.append(tool_call(name=name, args=arguments, id=identity))
        except ValueError as error:
            invalid.append(invalid_tool_call(name=name, args=text, id=identity, error=str(error)))
    kept = {key: getattr(whole, key) for key in ("content", "response_metadata", "usage_metadata", "id")}
    return AIMessage(**kept, tool_calls=calls, invalid_tool_calls=invalid)
