"""The record of actions: who did what, once. Written before and after each effect."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from aksara_agent.results import Action


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file's change, recorded before it happens with all that undo needs. Hashes are SHA-256; None: no file."""

    kind: Literal["created", "modified", "exported"]
    path: str
    before_hash: str | None
    after_hash: str | None
    before: bytes | None = None
    before_mode: int | None = None


RowChanges = dict[str, dict[str, Any] | None]  # by call id, in order; None for a call that has been taken back


class Journal(Protocol):
    """Where actions are recorded, each under the claim of its run."""

    async def find(self, run_id: str, call_id: str) -> Action | None:
        """What is known of a call, from this process or an earlier one."""
        ...

    async def started(self, action: Action) -> None:
        """Record that the action is about to happen."""
        ...

    def changing(self, action: Action, change: FileChange) -> None:
        """Record that the action is about to change a file; called from the thread that will change it."""
        ...

    def guard(self) -> AbstractContextManager[Any]:
        """Nobody can take the session over inside; nor does anything happen there once somebody has."""
        ...

    async def rows_changed(self, run_id: str, call_id: str, inverse: dict[str, Any]) -> None:
        """Record what undo needs to take the call's changes of rows back."""
        ...

    async def finished(self, action: Action) -> None:
        """Record how it ended."""
        ...

    async def actions(self, run_id: str) -> list[Action]:
        """The actions of a run, in the order in which they started."""
        ...

    async def recall(self, run_id: str, call_id: str) -> Action | None:
        """An action of this run, or of an earlier one in the same session."""
        ...

    async def changes(self, run_id: str, call_id: str | None = None) -> list[FileChange]:
        """The changes of files that a run, or one call of it, was about to make, in order."""
        ...

    async def row_changes(self, run_id: str) -> RowChanges:
        """What undo needs for the rows that a run changed, by call id, in order."""
        ...


class MemoryJournal:
    """A journal for the life of the process, for graphs that are run by hand."""

    def __init__(self) -> None:
        self._runs: dict[str, dict[str, Action]] = {}
        self._changes: dict[tuple[str, str], list[FileChange]] = {}
        self._rows: dict[str, dict[str, dict[str, Any]]] = {}

    async def find(self, run_id: str, call_id: str) -> Action | None:
        """What is known of a call."""
        return self._runs.get(run_id, {}).get(call_id)

    async def started(self, action: Action) -> None:
        """Record that the action is about to happen."""
        self._runs.setdefault(action.run_id, {})[action.call_id] = action

    def changing(self, action: Action, change: FileChange) -> None:
        """Record that the action is about to change a file."""
        self._changes.setdefault((action.run_id, action.call_id), []).append(change)

    def guard(self) -> AbstractContextManager[Any]:
        """Nothing: nobody else knows of the session."""
        return nullcontext()

    async def finished(self, action: Action) -> None:
        """Record how it ended."""
        self._runs.setdefault(action.run_id, {})[action.call_id] = action

    async def actions(self, run_id: str) -> list[Action]:
        """The actions of a run, in the order in which they started."""
        return list(self._runs.get(run_id, {}).values())

    async def recall(self, run_id: str, call_id: str) -> Action | None:
        """An action of any run."""
        return next((actions[call_id] for actions in self._runs.values() if call_id in actions), None)

    async def changes(self, run_id: str, call_id: str | None = None) -> list[FileChange]:
        """The changes of files of a run, or of one call of it."""
        keys = [key for key in self._changes if key[0] == run_id and call_id in (None, key[1])]
        return [change for key in keys for change in self._changes[key]]

    async def rows_changed(self, run_id: str, call_id: str, inverse: dict[str, Any]) -> None:
        """Record what undo needs to take the call's changes of rows back."""
        self._rows.setdefault(run_id, {})[call_id] = inverse

    async def row_changes(self, run_id: str) -> RowChanges:
        """What undo needs for the rows that a run changed."""
        return dict(self._rows.get(run_id, {}))
