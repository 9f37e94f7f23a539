"""The journal in the store's database. Each record is committed before the next thing happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, TypeVar

from aksara_agent.journal import FileChange, RowChanges
from aksara_agent.results import Action, Change
from aksara_agent.store import row_changes
from aksara_agent.store.database import Claim, Cursor, Database
from aksara_agent.store.text import storable

T = TypeVar("T")
_COLUMNS = "tool, input, call_id, run_id, effect, status, output, error, duration_ms, approval, attempts, note"
_INSERT = f"INSERT INTO aksara_actions ({_COLUMNS}, position) VALUES ({', '.join('?' * 13)})"  # noqa: S608 (constants)
_CHANGE = "kind, path, before_hash, after_hash, before_bytes, before_mode"


class SqlJournal:
    """The journal of a run; with a claim, what it records is void once the session is taken over."""

    def __init__(self, database: Database, claim: Claim | None = None) -> None:
        self._database, self._claim = database, claim
        self._turn = asyncio.Lock()

    async def find(self, run_id: str, call_id: str) -> Action | None:
        """What is known of a call, from this process or an earlier one."""
        found = await self._in_turn(lambda: self._read("run_id = ? AND call_id = ?", (run_id, call_id)))
        return found[0] if found else None

    async def started(self, action: Action) -> None:
        """Record that the action is about to happen. Raises SessionTakenOver."""
        await self._in_turn(lambda: self._write(action))

    async def finished(self, action: Action) -> None:
        """Record how it ended, and that its changes happened. Raises SessionTakenOver."""
        await self._in_turn(lambda: self._write(action))

    def changing(self, action: Action, change: FileChange) -> None:
        """Record a change of a file, with the bytes that undo needs, before it happens. Raises SessionTakenOver."""
        with self._database.transaction(self._claim) as cursor:
            key = (action.run_id, action.call_id)
            cursor.execute("SELECT count(*) FROM aksara_changes WHERE run_id = ? AND call_id = ?", key)
            row = (*key, cursor.fetchone()[0], change.kind, change.path, change.before_hash, change.after_hash)
            cursor.execute(
                "INSERT INTO aksara_changes (run_id, call_id, position, kind, path, before_hash, after_hash,"
                " before_bytes, before_mode, done) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                (*row, change.before, change.before_mode),
            )

    async def rows_changed(self, run_id: str, call_id: str, inverse: dict[str, Any]) -> None:
        """Record what undo needs to take the call's changes of rows back. Raises SessionTakenOver."""
        work = partial(row_changes.keep, self._database, self._claim, run_id, call_id, inverse)
        await self._in_turn(work)

    async def row_changes(self, run_id: str) -> RowChanges:
        """What undo needs for the rows that a run changed, by call id, in order."""
        return await self._database.run(lambda: row_changes.kept(self._database, run_id))

    def guard(self) -> AbstractContextManager[Any]:
        """A transaction that sees the claim hold: a takeover waits for its end. Raises SessionTakenOver."""
        return self._database.transaction(self._claim)

    async def actions(self, run_id: str) -> list[Action]:
        """The actions of a run, in the order in which they started."""
        return await self._database.run(lambda: self._read("run_id = ? ORDER BY position", (run_id,)))

    async def recall(self, run_id: str, call_id: str) -> Action | None:
        """An action of this run, or of an earlier one in the same session."""
        session = "SELECT session_id FROM aksara_runs WHERE run_id = ?"
        where = f"call_id = ? AND run_id IN (SELECT run_id FROM aksara_runs WHERE session_id = ({session}))"  # noqa: S608
        found = await self._database.run(lambda: self._read(f"{where} ORDER BY run_id", (call_id, run_id)))
        return found[-1] if found else None

    async def changes(self, run_id: str, call_id: str | None = None) -> list[FileChange]:
        """The changes of files that a run, or one call of it, was about to make, in order, undone ones left out."""
        return await self._database.run(lambda: self._read_changes(run_id, call_id))

    def undone(self, run_id: str) -> None:
        """Record that all changes of a run have been taken back."""
        with self._database.transaction(self._claim) as cursor:
            cursor.execute("UPDATE aksara_changes SET undone = 1 WHERE run_id = ?", (run_id,))
            row_changes.undone(cursor, run_id)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """One after the other, so that parallel calls are recorded in the order in which the model asked for them."""
        async with self._turn:
            return await self._database.run(work)

    def _write(self, action: Action) -> None:
        key = (action.run_id, action.call_id)
        with self._database.transaction(self._claim) as cursor:
            if action.status == "started":
                cursor.execute("SELECT count(*) FROM aksara_actions WHERE run_id = ?", (action.run_id,))
                position = cursor.fetchone()[0]
                cursor.execute(
                    f"{_INSERT} ON CONFLICT (run_id, call_id) DO UPDATE SET status = excluded.status, output = NULL,"
                    " error = NULL, attempts = excluded.attempts WHERE aksara_actions.attempts < excluded.attempts",
                    (*_values(action), position),
                )
                # Settlement found that an earlier attempt, cut off by a crash, had not changed anything yet.
                cursor.execute("DELETE FROM aksara_changes WHERE run_id = ? AND call_id = ?", key)
                return
            _finish(cursor, action, key)

    def _read(self, condition: str, parameters: tuple[Any, ...]) -> list[Action]:
        with self._database.transaction() as cursor:
            cursor.execute(f"SELECT {_COLUMNS} FROM aksara_actions WHERE {condition}", parameters)  # noqa: S608
            actions = [_action(row) for row in cursor.fetchall()]
            for action in actions:
                cursor.execute(
                    "SELECT kind, path FROM aksara_changes WHERE run_id = ? AND call_id = ? AND done = 1"
                    " ORDER BY position",
                    (action.run_id, action.call_id),
                )
                action.changes = [Change(kind=kind, path=path) for kind, path in cursor.fetchall()]
        return actions

    def _read_changes(self, run_id: str, call_id: str | None) -> list[FileChange]:
        with self._database.transaction() as cursor:
            cursor.execute(
                f"SELECT {_CHANGE} FROM aksara_changes c JOIN aksara_actions a USING (run_id, call_id)"  # noqa: S608
                " WHERE run_id = ? AND (call_id = ? OR CAST(? AS TEXT) IS NULL) AND undone = 0"
                " ORDER BY a.position, c.position",
                (run_id, call_id, call_id),
            )
            return [FileChange(*row) for row in cursor.fetchall()]


def _finish(cursor: Cursor, action: Action, key: tuple[str, str]) -> None:
    """The outcome of an action, also of one that was refused and so never started."""
    cursor.execute("SELECT count(*) FROM aksara_actions WHERE run_id = ?", (action.run_id,))
    position = cursor.fetchone()[0]
    cursor.execute(
        f"{_INSERT} ON CONFLICT (run_id, call_id) DO UPDATE SET input = excluded.input, status = excluded.status,"
        " output = excluded.output, error = excluded.error, duration_ms = excluded.duration_ms,"
        " approval = excluded.approval, attempts = excluded.attempts, note = excluded.note",
        (*_values(action), position),
    )
    for change in action.changes:
        cursor.execute(
            "UPDATE aksara_changes SET done = 1 WHERE run_id = ? AND call_id = ? AND path = ?", (*key, change["path"])
        )


def _values(action: Action) -> tuple[Any, ...]:
    """An action as a row, in the order of the columns."""
    return (
        action.tool,
        json.dumps(action.input),
        action.call_id,
        action.run_id,
        action.effect,
        action.status,
        json.dumps(action.output),
        action.error and storable(action.error),
        action.duration_ms,
        action.approval,
        action.attempts,
        action.note and storable(action.note),
    )


def _action(row: Any) -> Action:
    """The action that a row records."""
    tool, arguments, call_id, run_id, effect, status, output, error, duration_ms, approval, attempts, note = row
    return Action(
        tool=tool,
        input=json.loads(arguments),
        call_id=call_id,
        run_id=run_id,
        effect=effect,
        status=status,
        output=json.loads(output) if output else None,
        error=error,
        duration_ms=duration_ms,
        approval=approval,
        attempts=attempts,
        note=note,
    )
