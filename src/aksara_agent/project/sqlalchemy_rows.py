"""Rows of SQLAlchemy and SQLModel projects, written through the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from .description import CallId, ChangePlan, ChangeRequest, Exported, QueryRequest, RowsUndone
from .scan import Scan
from .scan_models import StaticModel
from .worker_adapter import WorkerAdapter, named

READ_SECONDS, WRITE_SECONDS, EXPORT_SECONDS = 10.0, 20.0, 300.0  # for one statement
WORKER_SECONDS = 10.0  # what the worker itself may take on top of it


class SqlAlchemyRows:
    """The row operations of the worker, by name."""

    def __init__(self, adapter: WorkerAdapter) -> None:
        self.adapter = adapter

    async def plan(self, scan: Scan, model: StaticModel, change: ChangeRequest, *, production: bool) -> ChangePlan:
        request = {"op": "plan_change", "change": change, "seconds": READ_SECONDS}
        return cast(ChangePlan, await self.ask(scan, model, request, production))

    async def apply(
        self,
        scan: Scan,
        model: StaticModel,
        change: ChangeRequest,
        call: CallId,
        *,
        expected: str | None,
        production: bool,
    ) -> dict[str, Any]:
        request = {"op": "apply_change", "change": change, "expected": expected, "call": call}
        return await self.ask(scan, model, {**request, "seconds": WRITE_SECONDS}, production)

    async def undo(self, scan: Scan, inverses: list[dict[str, Any]], *, production: bool) -> RowsUndone:
        request = {"op": "undo_rows", "inverses": inverses, "seconds": WRITE_SECONDS}
        return cast(RowsUndone, await self.ask(scan, None, request, production))

    async def export(
        self, scan: Scan, model: StaticModel, query: QueryRequest, target: Path, *, guard: bool
    ) -> Exported:
        request = {"op": "export", "query": query, "path": str(target), "format": target.suffix[1:], "guard": guard}
        return cast(Exported, await self.ask(scan, model, {**request, "seconds": EXPORT_SECONDS}, True))

    async def create_ledger(self, scan: Scan, *, production: bool) -> bool:
        answer = await self.ask(scan, None, {"op": "create_ledger", "seconds": WRITE_SECONDS}, production)
        return bool(answer["created"])

    async def find_call(self, scan: Scan, call: CallId) -> dict[str, Any]:
        return await self.ask(scan, None, {"op": "find_call", "call": call, "seconds": READ_SECONDS}, True)

    async def ask(
        self, scan: Scan, model: StaticModel | None, request: dict[str, Any], production: bool
    ) -> dict[str, Any]:
        whose = named(model) if model else {}
        seconds = request["seconds"] + WORKER_SECONDS
        return await self.adapter.ask(scan, model, {**request, **whose, "allow_production_writes": production}, seconds)
