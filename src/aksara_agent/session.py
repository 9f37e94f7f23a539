"""A conversation: several messages, one memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from aksara_agent.errors import SessionError
from aksara_agent.events import AnyEvent
from aksara_agent.results import AgentResult

if TYPE_CHECKING:
    Turn = Callable[[str], AsyncIterator[AnyEvent]]


class Session:
    """A thread of the conversation graph. Made by ``AgentRuntime.start_session``."""

    def __init__(self, session_id: str, turn: Turn) -> None:
        self.id = session_id
        self._turn = turn
        self._ended = False

    async def send(self, message: str) -> AgentResult:
        """Say something and wait for the turn's result. Raises SessionError after ``end``."""
        async for event in self.stream(message):
            if event.type == "complete":
                return event.result
        raise AssertionError("a turn always completes")

    async def stream(self, message: str) -> AsyncIterator[AnyEvent]:
        """Say something and see the turn's events as they happen."""
        if self._ended:
            raise SessionError(f"Session {self.id} has ended; start a new one with runtime.start_session().")
        async for event in self._turn(message):
            yield event

    async def end(self) -> None:
        """Close the session for further messages."""
        self._ended = True
