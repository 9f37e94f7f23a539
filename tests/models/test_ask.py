"""One question to a model: strict about what streams in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, call, calls, says

CUT_OFF = '{"path": "a.py", "content": "import o'


async def test_a_write_that_was_cut_off_in_the_stream_is_not_carried_out(tmp_path: Path) -> None:
    with LoopbackServer(calls(call("write_file", raw_arguments=CUT_OFF)), says("Sorry.")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            events = [event async for event in runtime.execute_stream("Write")]
    assert events[-1].type == "complete"
    (action,) = events[-1].result.actions
    assert (action.status, "not valid JSON" in str(action.error)) == ("failed", True)
    assert not (tmp_path / "a.py").exists()


async def test_calls_of_an_answer_that_ran_out_of_tokens_are_not_carried_out(tmp_path: Path) -> None:
    whole = calls(call("write_file", path="a.py", content=""), finish_reason="length")
    for stream in (True, False):
        with LoopbackServer(whole, says("Sorry.")) as server:
            async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
                if stream:
                    result = [event async for event in runtime.execute_stream("Write")][-1].result
                else:
                    result = await runtime.execute("Write")
        assert "cut off" in str(result.actions[0].error)
        assert not (tmp_path / "a.py").exists()


async def test_arguments_that_are_not_an_object_are_told_or_asked_for_again(tmp_path: Path) -> None:
    for stream in (True, False):
        with LoopbackServer(calls(call("list_models", raw_arguments="[1]")), says("Sorry."), says("Sorry.")) as server:
            async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
                if stream:
                    result = [event async for event in runtime.execute_stream("List")][-1].result
                else:
                    result = await runtime.execute("List")
        assert result.success, result.error


class WholeAnswerModel(BaseChatModel):
    """A chat model that cannot stream."""

    @property
    def _llm_type(self) -> str:
        return "whole"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage("All at once."))])


async def test_a_model_that_cannot_stream_is_heard_in_one_piece(tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=WholeAnswerModel())
    events = [event async for event in runtime.execute_stream("Hello")]
    assert [event.content for event in events if event.type == "thinking"] == ["All at once."]
    assert events[-1].type == "complete" and events[-1].output == "All at once."
