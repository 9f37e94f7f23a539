"""The events of a run."""

from __future__ import annotations

import json
from pathlib import Path

from aksara_agent import AgentRuntime
from aksara_agent.testing import LoopbackServer, ScriptedModel, call, calls, says


async def test_the_stream_tells_thinking_action_result_and_complete_in_order(tmp_path: Path) -> None:
    model = ScriptedModel(calls(call("list_models"), text="Let me look."), says("None."))
    kinds = []
    async for event in AgentRuntime(tmp_path, model=model).execute_stream("What models exist?"):
        if event.type == "thinking":
            kinds.append(("thinking", event.iteration))
            assert event.content
        elif event.type == "action":
            kinds.append(("action", event.tool))
        elif event.type == "result":
            kinds.append(("result", event.result["count"]))
        elif event.type == "complete":
            kinds.append(("complete", event.output))
        assert json.dumps(event.to_dict())
        assert event.run_id and event.time
    assert list(dict.fromkeys(kinds)) == [
        ("thinking", 1),
        ("action", "list_models"),
        ("result", 0),
        ("thinking", 2),
        ("complete", "None."),
    ]


async def test_a_streaming_model_is_heard_token_by_token(tmp_path: Path) -> None:
    with LoopbackServer(says("one two three")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            events = [event async for event in runtime.execute_stream("Count")]
        assert server.requests[0]["stream"] is True
    pieces = [event.content for event in events if event.type == "thinking"]
    assert len(pieces) > 1
    assert "".join(pieces) == "one two three"


async def test_execute_asks_for_whole_answers(tmp_path: Path) -> None:
    with LoopbackServer(says("one two three")) as server:
        async with AgentRuntime(tmp_path, model="openai:x", base_url=server.base_url) as runtime:
            result = await runtime.execute("Count")
        assert not server.requests[0].get("stream")
    assert result.output == "one two three"
