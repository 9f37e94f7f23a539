"""Writing rows of a project: planned for the person who is asked, applied once, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from .description import CallId, ChangePlan, ChangeRequest, Exported, QueryRequest, RowsUndone
from .failures import QueryError
from .names import find_model
from .scan import Scan
from .scan_models import StaticModel

if TYPE_CHECKING:
    from .adapter import RowAdapter
    from .project import Project


class Rows:
    """The rows of a project. `production` allows writes to a database that looks like production.

    Methods raise UnknownModel, QueryError for what is refused, and WorkerError when the worker could not answer.
    """

    def __init__(self, project: Project) -> None:
        self.project = project

    @property
    def writer(self) -> RowAdapter:
        """Who takes changes back and keeps the ledger: the first framework whose rows can be written."""
        writers = [adapter.rows for adapter in self.project.adapters.values() if adapter.rows]
        return writers[0]

    async def plan(self, change: ChangeRequest, *, production: bool = False) -> ChangePlan:
        """What a change would do. Read-only."""
        scan, model, rows = await self.model(change["model"])
        return await rows.plan(scan, model, change, production=production)

    async def apply(
        self, change: ChangeRequest, call: CallId, *, expected: str | None = None, production: bool = False
    ) -> dict[str, Any]:
        """Carry a change out, if the rows still are those of the `expected` fingerprint, which may be left out.

        The result has the changed rows without secrets, and under `inverse` what `undo` needs, with them.
        """
        scan, model, rows = await self.model(change["model"])
        return await rows.apply(scan, model, change, call, expected=expected, production=production)

    async def undo(self, inverses: list[dict[str, Any]], *, production: bool = False) -> RowsUndone:
        """Take changes back, given in their order: all or, when a row was changed since, none."""
        return await self.writer.undo(await self.project.scan(), inverses, production=production)

    async def export(self, query: QueryRequest, target: Path, *, guard: bool = True) -> Exported:
        """Write all rows of a query into a new file, `.csv` or `.jsonl`; read-only for the database.

        With `guard`, text that a spreadsheet would take for a formula gets a leading apostrophe.
        """
        scan, model, rows = await self.model(query["model"])
        return await rows.export(scan, model, query, target, guard=guard)

    async def create_ledger(self, *, production: bool = False) -> bool:
        """Make the table `aksara_ledger`, so that a crash leaves no doubt about a call; False when it was there."""
        return await self.writer.create_ledger(await self.project.scan(), production=production)

    async def find_call(self, call: CallId) -> dict[str, Any]:
        """`ledger`: whether the database has one; `entry`: the result of the call, None when it did nothing."""
        return await self.writer.find_call(await self.project.scan(), call)

    async def model(self, name: str) -> tuple[Scan, StaticModel, RowAdapter]:
        scan = await self.project.scan()
        model = find_model(scan.models, name)
        framework = model.summary["framework"]
        adapter = self.project.adapters.get(framework)
        if adapter is None or adapter.rows is None:
            raise QueryError(f"{model.summary['name']} is a {framework} model: its rows can be read, not yet written")
        return scan, model, adapter.rows
