"""The checkpoints of every kind of store: what a graph wrote is there again, also after many turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver, empty_checkpoint

from aksara_agent import AgentRuntime
from aksara_agent.store.store import Store, open_store
from aksara_agent.testing import ScriptedModel, says

TURNS = 60  # more than there are between two snapshots of the messages


async def test_a_long_conversation_is_loaded_whole_by_another_process(lasting: str, tmp_path: Path) -> None:
    talking = AgentRuntime(tmp_path, model=ScriptedModel(says("Hm."), repeat_last=True), checkpoints=lasting)
    session = talking.start_session("long")
    for turn in range(TURNS):
        await session.send(f"turn {turn}")
    await talking.close()

    model = ScriptedModel(says("All of it."))
    later = AgentRuntime(tmp_path, model=model, checkpoints=lasting)
    await later.start_session("long").send("What did I say?")
    await later.close()
    heard = [str(m.content) for m in model.requests[0] if m.type == "human"]
    assert heard == [*(f"turn {turn}" for turn in range(TURNS)), "What did I say?"]


async def test_the_history_of_the_messages_is_what_the_checkpoints_say_one_by_one(lasting: str, tmp_path: Path) -> None:
    runtime = AgentRuntime(tmp_path, model=ScriptedModel(says("Hm."), repeat_last=True), checkpoints=lasting)
    session = runtime.start_session("s")
    for turn in range(5):
        await session.send(f"turn {turn}")
    await runtime.close()
    store = open_store(lasting, tmp_path)
    compared = 0
    for found in [found async for found in store.saver.alist({"configurable": {"thread_id": "s"}})]:
        quick: Any = await store.saver.aget_delta_channel_history(config=found.config, channels=["messages"])
        slow: Any = BaseCheckpointSaver.get_delta_channel_history(
            store.saver, config=found.config, channels=["messages"]
        )
        assert quick == slow
        compared += len(quick["messages"]["writes"])
    assert compared > 5
    store.close()


async def test_a_text_in_the_state_may_hold_what_a_database_may_not(store: Store) -> None:
    checkpoint = empty_checkpoint()
    checkpoint["channel_values"] = {"error": "a\0b\udcff", "iterations": 1, "usage": {"note": "c\0d"}}
    checkpoint["channel_versions"] = {"error": "1", "iterations": "1", "usage": "1"}
    where: Any = {"configurable": {"thread_id": "s", "checkpoint_ns": ""}}
    await store.saver.aput(where, checkpoint, {}, checkpoint["channel_versions"])
    found = await store.saver.aget_tuple(where)
    assert found is not None
    values = found.checkpoint["channel_values"]
    assert values["error"] in ("a\0b?", "a\ufffdb?")
    assert (values["iterations"], values["usage"]) == (1, {"note": "c\0d"})


async def test_a_conversation_with_nul_and_lone_surrogates_is_kept(checkpoints: str, tmp_path: Path) -> None:
    model = ScriptedModel(says("a\0b"), says("Yes."))
    runtime = AgentRuntime(tmp_path, model=model, checkpoints=checkpoints)
    session = runtime.start_session()
    await session.send("c\0d")
    result = await session.send("e\udcfff")
    assert result.success, result.error
    (info,) = runtime.sessions()
    assert info["runs"] == 2
    assert str(model.requests[1][1].content) in ("c\0d", "c\ufffdd")
    await runtime.close()
