"""Looking back in a session, and going another way from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from aksara_agent import AgentRuntime, SessionError
from aksara_agent.testing import ScriptedModel, call, calls, says


async def test_a_later_process_goes_on_with_a_session_by_its_id(tmp_path: Path) -> None:
    session = AgentRuntime(tmp_path, model=ScriptedModel(says("Hello Ann."))).start_session()
    await session.send("I am Ann")
    model = ScriptedModel(says("Ann."))
    again = AgentRuntime(tmp_path, model=model).start_session(session.id)
    await again.send("Who am I?")
    assert [str(message.content) for message in model.requests[0][1:]] == ["I am Ann", "Hello Ann.", "Who am I?"]
    assert [message.text for message in await again.messages()] == ["I am Ann", "Hello Ann.", "Who am I?", "Ann."]


async def test_the_history_names_checkpoints_the_latest_first(tmp_path: Path) -> None:
    session = AgentRuntime(tmp_path, model=ScriptedModel(calls(call("list_models")), says("None."))).start_session()
    await session.send("Models?")
    history = await session.history()
    assert history[0]["last_message"] == "ai: None." and history[0]["next"] == []
    assert [entry["messages"] for entry in history] == sorted((e["messages"] for e in history), reverse=True)
    assert len(await session.history(limit=2)) == 2


async def test_a_fork_knows_what_was_said_until_then_and_leaves_the_original_alone(tmp_path: Path) -> None:
    model = ScriptedModel(says("One."), says("Two."), says("Other."), says("Three."))
    session = AgentRuntime(tmp_path, model=model).start_session()
    await session.send("First")
    after_first = (await session.history(limit=1))[0]["checkpoint_id"]
    await session.send("Second")

    fork = await session.fork(after_first)
    await fork.send("Instead")
    assert [str(message.content) for message in model.requests[2][1:]] == ["First", "One.", "Instead"]
    await session.send("Third")
    assert [str(message.content) for message in model.requests[3][1:]] == ["First", "One.", "Second", "Two.", "Third"]
    with pytest.raises(SessionError, match="no checkpoint 'nothing'"):
        await session.fork("nothing")
    with pytest.raises(SessionError, match="no checkpoint"):
        await AgentRuntime(tmp_path).start_session().fork()
