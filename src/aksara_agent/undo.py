"""Taking a run back: its files and rows as they were before, or nothing at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aksara_agent.errors import ProjectError, UndoRefused
from aksara_agent.journal import FileChange, RowChanges
from aksara_agent.project.description import RowsUndone
from aksara_agent.project.failures import WorkerError
from aksara_agent.results import Action
from aksara_agent.workspace import Workspace


@dataclass(slots=True)
class Undone:
    """What ``undo`` did. ``not_undone`` are the actions whose effects nobody can take back.

    Rows are named by table and key, such as "users id=3"; ``reinserted_rows`` had been deleted.
    """

    run_id: str
    restored: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    restored_rows: list[str] = field(default_factory=list)
    deleted_rows: list[str] = field(default_factory=list)
    reinserted_rows: list[str] = field(default_factory=list)
    not_undone: list[Action] = field(default_factory=list)


TakeBack = Callable[[list[dict[str, Any]]], Awaitable[RowsUndone]]  # as project.Rows.undo does


async def undo(
    run_id: str,
    changes: list[FileChange],
    rows: RowChanges,
    actions: list[Action],
    workspace: Workspace,
    take_back_rows: TakeBack,
) -> Undone:
    """Bring every file and row that the run changed back to how it stood before; ``rows`` are inverses by call.

    Raises UndoRefused, and touches nothing, when one of them was changed by someone else since.
    """
    done = Undone(run_id, not_undone=[a for a in actions if _is_beyond_undo(a, rows)])
    histories = _by_path(changes)
    await asyncio.to_thread(_refuse_conflicts, histories, workspace)
    if inverses := [inverse for inverse in rows.values() if inverse]:
        await _take_back_rows(inverses, take_back_rows, done)
    for path, history in reversed(histories.items()):
        if await asyncio.to_thread(_take_back, path, history[0], workspace):
            (done.deleted if history[0].before_hash is None else done.restored).append(path)
    return done


async def _take_back_rows(inverses: list[dict[str, Any]], take_back_rows: TakeBack, done: Undone) -> None:
    """One transaction, which the database refuses as a whole when a row was changed."""
    try:
        undone = await take_back_rows(inverses)
    except ProjectError as error:
        if isinstance(error, WorkerError) and error.in_doubt:
            raise UndoRefused(f"Whether the rows were taken back is not known: {error}. Undo again.") from error
        raise UndoRefused(f"Nothing was undone: {error}. Restore by hand, or undo the later run first.") from error
    done.restored_rows, done.deleted_rows = undone["restored"], undone["deleted"]
    done.reinserted_rows = undone["reinserted"]


def _by_path(changes: list[FileChange]) -> dict[str, list[FileChange]]:
    """What happened to each file, in order: undo leads from the last state to the first."""
    histories: dict[str, list[FileChange]] = {}
    for change in changes:
        histories.setdefault(change.path, []).append(change)
    return histories


def _refuse_conflicts(histories: dict[str, list[FileChange]], workspace: Workspace) -> None:
    """Look at all files before the first is touched. One that already is as before needs nothing."""
    conflicts = []
    for path, history in histories.items():
        ours = {history[0].before_hash, *(change.after_hash for change in history)}
        if workspace.digest(path) not in ours:
            conflicts.append(path)
    if conflicts:
        raise UndoRefused(
            f"Nothing was undone: {', '.join(conflicts)} changed after the run. "
            "Restore by hand, or undo the later run first."
        )


def _take_back(path: str, first: FileChange, workspace: Workspace) -> bool:
    """Restore one file; False when it already is as it was."""
    if workspace.digest(path) == first.before_hash:
        return False
    if first.before is None:
        workspace.delete(path)
    else:
        workspace.write_bytes(path, first.before, mode=first.before_mode)
    return True


def _is_beyond_undo(action: Action, rows: RowChanges) -> bool:
    """An effect on something else than the project's files and rows, or on rows that could not be kept."""
    happened = action.status in ("done", "failed", "timeout", "unknown", "started")
    kept = action.changes or action.call_id in rows
    return happened and (action.effect == "external" or (action.effect == "write" and not kept))
