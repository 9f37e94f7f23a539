"""What the adapters have in common that ask a worker in the project's interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from .adapter import RowAdapter
from .description import Framework, QueryPage, QueryRequest
from .failures import QueryError, WorkerError
from .scan import Scan
from .scan_models import StaticModel
from .worker_client import WorkerClient, failure_sentence


class WorkerAdapter:
    """A subclass says what the worker loads."""

    frameworks: tuple[Framework, ...] = ()
    distributions: Mapping[str, str] = {}  # what to install for a package that is called otherwise
    rows: RowAdapter | None = None

    def __init__(self, root: Path, python: Path, *, seconds: float) -> None:
        self.root, self.python = root, python
        self.client = WorkerClient(root, python, seconds=seconds)

    def what_to_load(self, scan: Scan) -> dict[str, Any]:
        """The load request, with the `roots` to put on the worker's path."""
        raise NotImplementedError

    def load_for(self, scan: Scan, model: StaticModel | None) -> dict[str, Any]:
        """Where a repository holds several projects: what to load for the one of this model."""
        return self.what_to_load(scan)

    async def describe(self, scan: Scan, model: StaticModel, *, with_rows: bool) -> dict[str, Any]:
        request = {"op": "describe", **named(model), "with_rows": with_rows}
        try:
            return await self.ask(scan, model, request)
        except QueryError as error:
            raise WorkerError(str(error), "database") from error

    async def query(self, scan: Scan, model: StaticModel, request: QueryRequest) -> QueryPage:
        page = await self.ask(scan, model, {"op": "query", **named(model), "query": dict(request)})
        return cast(QueryPage, page)

    async def migrations(self, scan: Scan, request: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        """What `request["what"]` asks about migrations. Raises QueryError where it cannot be done as asked."""
        name = self.frameworks[0].capitalize()
        raise QueryError(f"migrations of {name} projects cannot be made here yet: use the framework's own command")

    async def close(self) -> None:
        await self.client.close()

    async def ask(
        self, scan: Scan, model: StaticModel | None, request: dict[str, Any], seconds: float | None = None
    ) -> dict[str, Any]:
        load = self.load_for(scan, model)
        try:
            return await self.client.request(f"{scan.fingerprint} {load}", load, request, seconds)
        except WorkerError as error:
            if error.kind != "model" or model is None:
                raise
            raise self.import_failure(scan, model) or error from None

    def import_failure(self, scan: Scan, model: StaticModel) -> WorkerError | None:
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
            if not is_own(scan, package):
                install = self.distributions.get(package, package)
                sentence += f" in {self.python}: install it there, e.g. {self.python} -m pip install {install}"
        return WorkerError(f"the project could not be imported: {sentence}", "import")


def is_own(scan: Scan, package: str) -> bool:
    """True for a package of the project itself: nothing to install."""
    return any(f"/{package}/" in f"/{file.path}" or f"/{file.path}".endswith(f"/{package}.py") for file in scan.files)


def named(model: StaticModel) -> dict[str, str]:
    return {"module": model.module, "name": model.summary["name"], "file": model.summary["file"]}
