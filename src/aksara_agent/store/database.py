"""What the store needs of a database: transactions with a fence, and a thread where it may block for long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from aksara_agent.errors import SessionTakenOver

T = TypeVar("T")


class Cursor(Protocol):
    """The part of a database cursor that is the same everywhere; parameters are written ``?``."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run one statement."""
        ...

    def fetchone(self) -> Any:
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a session. Who claims it later has a higher epoch; the older claim is void."""

    session_id: str
    epoch: int


class Database(Protocol):
    """A connection to the store's database."""

    @property
    def row_lock(self) -> str:
        """What ends a SELECT whose rows nobody may change until the transaction ends."""
        ...

    def transaction(self, claim: Claim | None = None) -> AbstractContextManager[Cursor]:
        """All or nothing; with a claim, nothing when the claim is void. Raises SessionTakenOver."""
        ...

    async def run(self, work: Callable[[], T]) -> T:
        """Do blocking work in the way that suits this database."""
        ...

    def close(self) -> None:
        """Give everything back; what is at work fails with a StoreError."""
        ...


def check(claim: Claim, cursor: Cursor, row_lock: str = "") -> None:
    """Refuse the work of a run that someone else has taken over while its process slept."""
    sql = f"SELECT epoch FROM aksara_sessions WHERE session_id = ?{row_lock}"  # noqa: S608 (constants)
    cursor.execute(sql, (claim.session_id,))
    row = cursor.fetchone()
    if row is None or row[0] != claim.epoch:
        raise SessionTakenOver(
            f"Session {claim.session_id} has been taken over by another process; this one must not go on with it."
        )
