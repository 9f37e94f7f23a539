"""A chat model that answers from a script: for tests of agents, without a provider."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Any, cast

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import PrivateAttr

from aksara_agent.testing.messages import chunks_of, message_of
from aksara_agent.testing.replies import Entry, Reply
from aksara_agent.testing.script import Script
from aksara_agent.testing.tool_check import problem_with, tool_name

ANSWERS: dict[type, str] = {
    Reply: "says(...), calls(...)",
    BaseException: "an exception",
}


class ScriptedModel(BaseChatModel):
    """Answers each request with the next entry of its script, and keeps what it was asked.

    Every scripted tool call must fit a bound tool, unless `strict=False`. Raises ScriptError when the script
    does not fit the conversation. A computed entry gets the list of LangChain messages.
    """

    strict: bool = True
    model_name: str = "scripted"
    # Not from LangChain's global cache: a cached answer would leave the script where it was.
    cache: Any = False
    _script: Script = PrivateAttr()
    _bound_tools: list[dict[str, Any]] = PrivateAttr(default_factory=list)

    def __init__(self, *script: Entry, repeat_last: bool = False, **options: Any) -> None:
        """`options` are `strict`, `model_name` and the fields of every LangChain chat model."""
        super().__init__(**options)
        self._script = Script(script, repeat_last=repeat_last, answers=ANSWERS)

    @property
    def requests(self) -> list[list[BaseMessage]]:
        """The messages of every request so far."""
        return [messages for messages, _ in self._script.requests]

    @property
    def offered_tools(self) -> list[list[str]]:
        """The names of the tools that came with every request so far."""
        return [[tool_name(tool) for tool in tools] for _, tools in self._script.requests]

    @property
    def bound_tools(self) -> list[str]:
        """The names of the tools that were bound last."""
        return [tool_name(tool) for tool in self._bound_tools]

    def assert_finished(self) -> None:
        """Raises ScriptError unless the whole script was played and nothing else was asked."""
        self._script.assert_finished()

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """Returns this model with tools, in OpenAI's format; it goes on in the same script."""
        self._bound_tools = [convert_to_openai_tool(tool) for tool in tools]
        return self.bind(tools=self._bound_tools, tool_choice=tool_choice, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = message_of(self._next_reply(messages, kwargs.get("tools")), self.model_name)
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._generate(messages, stop, **kwargs)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from chunks_of(self._next_reply(messages, kwargs.get("tools")), self.model_name)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._stream(messages, stop, **kwargs):
            yield chunk
            # As a network would: gives other tasks, and a cancellation, their turn between two chunks.
            await asyncio.sleep(0)

    def _next_reply(self, messages: list[BaseMessage], tools: list[dict[str, Any]] | None) -> Reply:
        """Records the request as it is now, as agents may change their messages later."""
        request = [message.model_copy() for message in messages]
        answer = self._script.take((request, tools or []), request)
        if isinstance(answer, BaseException):
            raise answer
        reply = cast(Reply, answer)  # the script takes nothing else
        for tool_call in reply.tool_calls if self.strict else ():
            if problem := problem_with(tool_call, tools or []):
                raise self._script.problem(f"{problem} (ScriptedModel(..., strict=False) lets it pass)")
        return reply

    @property
    def _llm_type(self) -> str:
        return "scripted"
