"""OfflineModel: a real chat model to LangChain, a set of rules inside."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool

from aksara_agent.models.offline.plan import Situation, current_task, next_move
from aksara_agent.models.offline.rules import plan_for

SIGNATURE = "\n\n_Answered by the offline model: rules over tool results, no language model._"
NO_TOKENS = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}


class OfflineModel(BaseChatModel):
    """Maps the usual kinds of tasks to tool calls, and writes its answer from what the tools returned."""

    tool_names: frozenset[str] = frozenset()

    @property
    def _llm_type(self) -> str:
        return "aksara-agent-offline"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[LanguageModelInput, AIMessage]:
        """The model that knows which tools there are."""
        names = frozenset(convert_to_openai_tool(tool)["function"]["name"] for tool in tools)
        return self.model_copy(update={"tool_names": names})

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        task, seen = current_task(messages)
        move = next_move(plan_for(Situation(task, self.tool_names)), seen)
        if isinstance(move, str):
            return AIMessage(move + SIGNATURE, usage_metadata=NO_TOKENS)
        calls = [tool_call(name=ask.tool, args=ask.arguments, id=f"call_{uuid.uuid4().hex[:12]}") for ask in move]
        return AIMessage("", tool_calls=calls, usage_metadata=NO_TOKENS)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._answer(messages))])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages)  # nothing to wait for, so no thread

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for chunk in _pieces(self._answer(messages)):
            generation = ChatGenerationChunk(message=chunk)
            if run_manager and chunk.content:
                run_manager.on_llm_new_token(str(chunk.content), chunk=generation)
            yield generation


def _pieces(answer: AIMessage) -> Iterator[AIMessageChunk]:
    """The answer word by word, its calls and token count last."""
    for piece in re.findall(r"\S+\s*|\s+", str(answer.content)):
        yield AIMessageChunk(content=piece)
    chunks = [
        tool_call_chunk(name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=index)
        for index, call in enumerate(answer.tool_calls)
    ]
    yield AIMessageChunk(
        content="", tool_call_chunks=chunks, usage_metadata=answer.usage_metadata, chunk_position="last"
    )
