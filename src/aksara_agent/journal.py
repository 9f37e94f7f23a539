"""The record of actions: who did what, once. Written before and after each effect."""

from __future__ import annotations

from typing import Protocol

from aksara_agent.results import Action


class Journal(Protocol):
    """Where actions are recorded. An action is written when it starts and again when its outcome is known."""

    async def started(self, action: Action) -> None:
        """Record that the action is about to happen."""
        ...

    async def finished(self, action: Action) -> None:
        """Record how it ended."""
        ...

    async def actions(self, run_id: str) -> list[Action]:
        """The actions of a run, in the order in which they started."""
        ...


class MemoryJournal:
    """A journal for the life of the process."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, Action]] = {}

    async def started(self, action: Action) -> None:
        """Record that the action is about to happen."""
        self._runs.setdefault(action.run_id, {})[action.call_id] = action

    async def finished(self, action: Action) -> None:
        """Record how it ended."""
        self._runs.setdefault(action.run_id, {})[action.call_id] = action

    async def actions(self, run_id: str) -> list[Action]:
        """The actions of a run, in the order in which they started."""
        return list(self._runs.get(run_id, {}).values())
