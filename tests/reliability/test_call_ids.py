"""Every call is carried out, whatever ids a model's server gives: the journal must not take one for another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from aksara_agent import AgentRuntime


class Server(BaseChatModel):
    """Asks for one call per given id, cycle by cycle."""

    cycles: list[list[str]]

    @property
    def _llm_type(self) -> str:
        return "server"

    def bind_tools(self, tools: Sequence[Any], **options: Any) -> Any:
        return self.bind(tools=list(tools), **options)

    def _generate(self, messages: list[BaseMessage], *rest: Any, **options: Any) -> ChatResult:
        cycle = sum(isinstance(message, AIMessage) for message in messages)
        ids = self.cycles[cycle] if cycle < len(self.cycles) else []
        calls = [{"id": i, "name": "work", "args": {"label": f"{cycle}.{n}"}} for n, i in enumerate(ids)]
        return ChatResult(generations=[ChatGeneration(message=AIMessage("" if ids else "Done.", tool_calls=calls))])


@pytest.mark.parametrize("cycles", [[["call_0"], ["call_0"]], [["", ""]], [["a", "a"], ["a"]], [["x"], ["y", "x"]]])
async def test_calls_with_empty_or_repeated_ids_are_all_carried_out(tmp_path: Path, cycles: list[list[str]]) -> None:
    done: list[str] = []

    async def work(label: str) -> str:
        """Work."""
        done.append(label)
        return f"did {label}"

    result = await AgentRuntime(tmp_path, model=Server(cycles=cycles), tools=[work]).execute("Work")
    expected = [f"{cycle}.{n}" for cycle, ids in enumerate(cycles) for n, _ in enumerate(ids)]
    assert sorted(done) == expected
    assert sorted(str(action.output) for action in result.actions) == [f"did {label}" for label in expected]
    assert len({action.call_id for action in result.actions}) == len(expected)
    assert result.output == "Done."


async def test_each_of_two_calls_with_the_same_id_gets_its_own_decision(tmp_path: Path) -> None:
    done: list[str] = []

    async def work(label: str) -> str:
        """Work."""
        done.append(label)
        return label

    model = Server(cycles=[["a", "a"]])
    runtime = AgentRuntime(tmp_path, model=model, tools=[work], interactive=True)
    result = await runtime.execute("Work", approval_callback=lambda tool, params: params["label"] == "0.1")
    assert done == ["0.1"]
    assert sorted(action.status for action in result.actions) == ["done", "rejected"]
