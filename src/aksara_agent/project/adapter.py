"""What every framework's adapter can do. The rest of the package speaks only to this."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from .description import CallId, ChangePlan, ChangeRequest, Exported, Framework, QueryPage, QueryRequest, RowsUndone
from .scan import Scan
from .scan_models import StaticModel


class Adapter(Protocol):
    """Answers about live models. Methods raise WorkerError when the project cannot be imported."""

    @property
    def frameworks(self) -> Iterable[Framework]: ...

    async def describe(self, scan: Scan, model: StaticModel, *, with_rows: bool) -> dict[str, Any]: ...

    async def query(self, scan: Scan, model: StaticModel, request: QueryRequest) -> QueryPage: ...

    async def migrations(self, scan: Scan, request: dict[str, Any], *, seconds: float) -> dict[str, Any]: ...
    @property
    def rows(self) -> RowAdapter | None: ...

    async def close(self) -> None: ...


class RowAdapter(Protocol):
    """Writes rows. Methods raise QueryError for what is refused, WorkerError when the worker could not answer."""

    async def plan(self, scan: Scan, model: StaticModel, change: ChangeRequest, *, production: bool) -> ChangePlan: ...

    async def apply(
        self,
        scan: Scan,
        model: StaticModel,
        change: ChangeRequest,
        call: CallId,
        *,
        expected: str | None,
        production: bool,
    ) -> dict[str, Any]: ...

    async def undo(
        self, scan: Scan, inverses: list[dict[str, Any]], *, production: bool, rehearsal: bool = False
    ) -> RowsUndone: ...

    async def export(
        self, scan: Scan, model: StaticModel, query: QueryRequest, target: Path, *, guard: bool
    ) -> Exported: ...

    async def create_ledger(self, scan: Scan, *, production: bool) -> bool: ...

    async def find_call(self, scan: Scan, model: StaticModel, call: CallId) -> dict[str, Any]: ...
