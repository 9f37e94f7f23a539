"""A session that another version of the program has saved can still be gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from aksara_agent import AgentRuntime
from aksara_agent.store.schema import ADDED_COLUMNS
from aksara_agent.store.store import Store
from aksara_agent.testing import ScriptedModel, call, calls, says

WRITE = calls(call("write_file", path="a.txt", content="one"))
NEWER = {"mood": "happy", "notes": ["a", {"b": 1}]}  # channels that this version does not know
OURS = (
    "usage",
    "iterations",
    "tool_calls",
    "started_at",
    "model_attempts",
    "run_id",
    "rejected",
    "stop_reason",
    "error",
)


async def reshape(store: Store, session_id: str, drop: Sequence[str], rename: dict[str, str] | None = None) -> None:
    """Save the session's last checkpoint as a version would have that lacks some channels and knows others."""
    found = await store.saver.aget_tuple({"configurable": {"thread_id": session_id}})
    assert found is not None
    assert found.parent_config is not None

    def shaped(channels: dict[str, Any]) -> dict[str, Any]:
        return {(rename or {}).get(name, name): value for name, value in channels.items() if name not in drop}

    values = {**shaped(found.checkpoint["channel_values"]), **NEWER}
    new = {name: store.saver.get_next_version(None, None) for name in NEWER}
    versions = {**shaped(found.checkpoint["channel_versions"]), **new}
    changed: Any = {**found.checkpoint, "channel_values": values, "channel_versions": versions}
    all_versions = versions  # so that a saver which keeps values apart writes each of them
    await store.saver.aput(found.parent_config, changed, found.metadata, all_versions)


@pytest.mark.parametrize("missing", [*((name,) for name in OURS), OURS], ids=lambda names: "+".join(names)[:30])
async def test_an_approval_is_answered_although_the_state_lacks_a_field(tmp_path: Path, missing: tuple[str]) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")))
    asked = await runtime.execute("Write", mode="supervised")
    await reshape(runtime.store, asked.session_id, missing)
    done = await runtime.resume(asked.session_id, decisions=[True])
    assert (done.success, done.created_files, done.run_id) == (True, ["a.txt"], asked.run_id)
    await runtime.close()


@pytest.mark.parametrize("missing", [*((name,) for name in OURS), OURS], ids=lambda names: "+".join(names)[:30])
async def test_a_stopped_run_goes_on_although_the_state_lacks_a_field(tmp_path: Path, missing: tuple[str]) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")))
    stopped = await runtime.execute("Write", max_iterations=1)
    await reshape(runtime.store, stopped.session_id, missing)
    done = await runtime.resume(stopped.session_id, max_iterations=5)
    assert (done.success, done.created_files, done.run_id) == (True, ["a.txt"], stopped.run_id)
    await runtime.close()


async def test_a_conversation_of_another_version_takes_the_next_message(checkpoints: str, tmp_path: Path) -> None:
    model = ScriptedModel(says("Hello Ann."), says("You are Ann."))
    runtime = AgentRuntime(tmp_path, model=model, checkpoints=checkpoints)
    session = runtime.start_session()
    await session.send("I am Ann.")
    await reshape(runtime.store, session.id, OURS)
    result = await session.send("Who am I?")
    assert (result.success, result.iterations) == (True, 1)
    assert [str(m.content) for m in model.requests[1][1:]] == ["I am Ann.", "Hello Ann.", "Who am I?"]
    await runtime.close()


async def test_a_question_that_this_version_cannot_ask_is_put_to_the_model_again(
    checkpoints: str, tmp_path: Path
) -> None:
    model = ScriptedModel(WRITE, WRITE, says("Written."))
    runtime = AgentRuntime(tmp_path, model=model, checkpoints=checkpoints)
    asked = await runtime.execute("Write", mode="supervised")
    await reshape(runtime.store, asked.session_id, (), {"branch:to:approval_interrupt": "branch:to:ask_a_person"})
    again = await runtime.resume(asked.session_id)
    assert (again.stop_reason, [request["name"] for request in again.approvals]) == ("interrupted", ["write_file"])
    done = await runtime.resume(asked.session_id, decisions=[True])
    assert (done.success, done.created_files) == (True, ["a.txt"])
    await runtime.close()


async def test_a_store_that_an_older_version_made_gets_its_new_columns(tmp_path: Path, lasting: str) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(WRITE, says("Written.")), checkpoints=lasting)
    stopped = await runtime.execute("Write", max_iterations=1)
    for table, column, _ in ADDED_COLUMNS:
        with runtime.store.database.transaction() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    await runtime.close()

    later = AgentRuntime(tmp_path, model=ScriptedModel(says("Written.")), checkpoints=lasting)
    done = await later.resume(stopped.session_id, max_iterations=5)
    assert (done.success, [(a.tool, a.attempts) for a in done.actions]) == (True, [("write_file", 1)])
    assert (await later.result(done.run_id)).output == "Written."
    await later.close()
