"""A conversation: several messages, one memory, in this process or a later one."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from typing import Any, Protocol, TypedDict, cast

from langchain_core.messages import AnyMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import StateSnapshot

from aksara_agent.errors import SessionError
from aksara_agent.events import AnyEvent
from aksara_agent.results import AgentResult
from aksara_agent.run import result_of
from aksara_agent.store.store import Store
from aksara_agent.threads import Thread


class Checkpoint(TypedDict):
    """A point to which a session can be forked. ``next`` names the nodes that were about to run."""

    checkpoint_id: str
    created_at: str | None
    step: int
    next: list[str]
    messages: int
    last_message: str


class Turns(Protocol):
    """What a session needs of the runtime."""

    def thread(self, session_id: str) -> Thread:
        """The graph of a session."""
        ...

    @property
    def store(self) -> Store:
        """Where the session is kept."""
        ...

    def _events(self, task: str | None, **options: Any) -> AsyncGenerator[AnyEvent]:
        """One turn."""
        ...


class Session:
    """A thread of the conversation graph. Made by ``AgentRuntime.start_session``."""

    def __init__(self, session_id: str, runtime: Turns) -> None:
        self.id = session_id
        self._runtime = runtime

    async def send(self, message: str, **options: Any) -> AgentResult:
        """Say something and wait for the turn's result.

        Raises SessionBusy while a turn is at work, ApprovalPending while one waits for decisions, and
        SessionError after ``end``.
        """
        return await result_of(self._turn(message, stream=False, **options))

    def stream(self, message: str, **options: Any) -> AsyncGenerator[AnyEvent]:
        """Say something and see the turn's events as they happen."""
        return self._turn(message, stream=True, **options)

    async def history(self, *, limit: int | None = None) -> list[Checkpoint]:
        """The session's checkpoints, the latest first; each can be forked from."""
        thread = self._runtime.thread(self.id)
        snapshots = [s async for s in thread.graph.aget_state_history(thread.config, limit=limit)]
        return [checkpoint_of(snapshot) for snapshot in snapshots]

    async def messages(self) -> list[AnyMessage]:
        """The whole conversation so far, as LangChain messages."""
        thread = self._runtime.thread(self.id)
        return list((await thread.graph.aget_state(thread.config)).values.get("messages", []))

    async def fork(self, checkpoint_id: str | None = None) -> Session:
        """A new session that knows what this one knew at a checkpoint, by default now. Effects are not taken back.

        Raises SessionError for a checkpoint that the session does not have.
        """
        thread = self._runtime.thread(self.id)
        at = {"configurable": {**thread.config["configurable"], "checkpoint_id": checkpoint_id}}
        snapshot = await thread.graph.aget_state(cast(RunnableConfig, at) if checkpoint_id else thread.config)
        if not snapshot.values:
            raise SessionError(f"Session {self.id} has no checkpoint {checkpoint_id!r}; session.history() lists them.")
        copy = Session(uuid.uuid4().hex, self._runtime)
        values = {key: value for key, value in snapshot.values.items() if value is not None}
        await thread.graph.aupdate_state(self._runtime.thread(copy.id).config, values, as_node="reason")
        return copy

    async def end(self) -> None:
        """Close the session for further messages; it stays in the store to be read."""
        store = self._runtime.store
        await store.database.run(lambda: store.sessions.end(self.id))

    def _turn(self, message: str, **options: Any) -> AsyncGenerator[AnyEvent]:
        return self._runtime._events(message, mode="conversation", session_id=self.id, **options)


def checkpoint_of(snapshot: StateSnapshot) -> Checkpoint:
    """A snapshot of the graph in a few plain values."""
    messages = snapshot.values.get("messages", [])
    return {
        "checkpoint_id": str(snapshot.config["configurable"]["checkpoint_id"]),
        "created_at": snapshot.created_at,
        "step": (snapshot.metadata or {}).get("step", 0),
        "next": list(snapshot.next),
        "messages": len(messages),
        "last_message": f"{messages[-1].type}: {messages[-1].text}"[:200] if messages else "",
    }
