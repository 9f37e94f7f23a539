"""SQLAlchemy and SQLModel projects, asked through the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from .description import Framework, QueryPage, QueryRequest
from .failures import QueryError, WorkerError
from .files import is_test
from .scan import Scan
from .scan_models import StaticModel
from .sqlalchemy_rows import SqlAlchemyRows
from .worker_client import WorkerClient, failure_sentence


class SqlAlchemyAdapter:
    """Imports the model modules and reads mappers, tables and rows."""

    frameworks: tuple[Framework, ...] = ("sqlalchemy", "sqlmodel")

    def __init__(self, root: Path, python: Path, *, seconds: float) -> None:
        self.root, self.python = root, python
        self.client = WorkerClient(root, python, seconds=seconds)
        self.rows = SqlAlchemyRows(self)

    async def describe(self, scan: Scan, model: StaticModel, *, with_rows: bool) -> dict[str, Any]:
        request = {"op": "describe", **named(model), "with_rows": with_rows}
        try:
            return await self.ask(scan, model, request)
        except QueryError as error:
            raise WorkerError(str(error), "database") from error

    async def query(self, scan: Scan, model: StaticModel, request: QueryRequest) -> QueryPage:
        page = await self.ask(scan, model, {"op": "query", **named(model), "query": dict(request)})
        return cast(QueryPage, page)

    async def close(self) -> None:
        await self.client.close()

    async def ask(
        self, scan: Scan, model: StaticModel | None, request: dict[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        try:
            return await self.client.request(scan.fingerprint, self.what_to_load(scan), request, seconds)
        except WorkerError as error:
            if error.kind != "model" or model is None:
                raise
            raise self.import_failure(model) or error from None

    def import_failure(self, model: StaticModel) -> WorkerError | None:
        """A model is missing because its module, or one before it, failed: say that instead."""
        failures = self.client.loaded.get("failures", [])
        if not failures:
            return None
        # A module that failed is imported again by the next one, and fails differently: the first counts.
        inside = [item for item in failures if (item["where"] or "").startswith(model.summary["file"] + ":")]
        own = [item for item in failures if item["module"] == model.module]
        failure = [*inside, *own, *failures][0]
        sentence = failure_sentence(failure)
        if failure["type"] == "ModuleNotFoundError":
            package = failure["message"].partition("'")[2].partition("'")[0].partition(".")[0]
            sentence += f" in {self.python}: install it there, e.g. {self.python} -m pip install {package}"
        return WorkerError(f"the project could not be imported: {sentence}", "import")

    def what_to_load(self, scan: Scan) -> dict[str, Any]:
        files = dict.fromkeys(
            model.summary["file"] for model in scan.models if model.summary["framework"] in self.frameworks
        )
        modules = [scan.roots.module_of(path) for path in files]
        # A file with an engine that nobody imports is a script: running it could do anything.
        engines = dict.fromkeys(engine.file for engine in scan.engines)
        modules += [scan.roots.module_of(path) for path in engines if path in scan.imported and not is_test(path)]
        roots = ["", *(["src"] if (self.root / "src").is_dir() else [])]
        roots += [scan.roots.root_of(path) for path in [*files, *engines]]
        ini = scan.migrations.ini if scan.migrations else None
        return {
            "modules": list(dict.fromkeys(modules)),
            "roots": list(dict.fromkeys(roots)),
            "alembic_ini": str(self.root / ini) if ini else None,
        }


def named(model: StaticModel) -> dict[str, str]:
    return {"module": model.module, "name": model.summary["name"]}
