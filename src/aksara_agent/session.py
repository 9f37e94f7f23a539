"""A conversation: several messages, one memory, in this process or a later one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, Protocol

from aksara_agent.events import AnyEvent
from aksara_agent.results import AgentResult
from aksara_agent.store.store import Store


class Turns(Protocol):
    """What a session needs of the runtime."""

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
        async with aclosing(self._turn(message, stream=False, **options)) as events:
            async for event in events:
                if event.type == "complete":
                    return event.result
        raise AssertionError("a turn always completes")

    async def stream(self, message: str, **options: Any) -> AsyncIterator[AnyEvent]:
        """Say something and see the turn's events as they happen."""
        async with aclosing(self._turn(message, stream=True, **options)) as events:
            async for event in events:
                yield event

    async def end(self) -> None:
        """Close the session for further messages; it stays in the store to be read."""
        store = self._runtime.store
        await store.database.run(lambda: store.sessions.end(self.id))

    def _turn(self, message: str, **options: Any) -> AsyncGenerator[AnyEvent]:
        return self._runtime._events(message, mode="conversation", session_id=self.id, **options)
