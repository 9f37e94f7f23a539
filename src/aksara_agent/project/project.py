"""The facade: open a backend, list its models, describe, query and check them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Self

from aksara_agent.errors import ProjectError
from aksara_agent.results import Finding

from .adapter import Adapter
from .assemble import live_description, static_description
from .description import ModelDescription, ModelSummary, QueryPage, QueryRequest, Use
from .failures import QueryError, WorkerError
from .interpreter import find_interpreter
from .lints import check_models
from .names import find_model
from .resolve import ClassPlace
from .rows import Rows
from .scan import Scan, Scanner
from .scan_models import StaticModel
from .setup import describe_setup

WORKER_SECONDS = 30.0


class Project:
    """A user's backend. Nothing of it is imported into this process."""

    def __init__(self, root: Path, python: Path, *, seconds: float = WORKER_SECONDS) -> None:
        from .adapters import make_adapters

        self.root, self.python = root, python
        self.scanner = Scanner(root)
        self.lock = threading.Lock()
        self.adapters = make_adapters(root, python, seconds=seconds)
        self.rows = Rows(self)

    @classmethod
    def open(cls, path: str | Path, *, python: str | Path | None = None, seconds: float = WORKER_SECONDS) -> Self:
        """The project in a folder; `seconds` bounds each request to the worker. Raises ProjectError."""
        root = Path(path).expanduser().resolve()
        if not root.exists():
            raise ProjectError(f"{root} does not exist: give the folder of the project")
        if not root.is_dir():
            raise ProjectError(f"{root} is a file: give the folder of the project, e.g. {root.parent}")
        return cls(root, find_interpreter(root, python), seconds=seconds)

    async def models(self) -> list[ModelSummary]:
        """Every model, by file and line, found without importing anything."""
        scan = await self.scan()
        return [model.summary for model in scan.models]

    @property
    def scan_problems(self) -> list[str]:
        """Files that could not be read, as "path:line: reason"."""
        return self.scan_now().problems

    def describe_setup(self) -> dict[str, Any]:
        """Framework, interpreter, database, migrations and problems; see setup.py."""
        return describe_setup(self.root, self.python, self.scan_now())

    async def describe(self, name: str, *, with_rows: bool = True) -> ModelDescription:
        """A model in full; from the source alone, with a note saying why, when it cannot be imported.

        Raises UnknownModel, and ProjectError when several models have the name.
        """
        scan = await self.scan()
        model = find_model(scan.models, name)
        uses = uses_of(scan, model)
        try:
            answer = await self.adapter_of(model).describe(scan, model, with_rows=with_rows)
        except WorkerError as error:
            return static_description(model, uses, str(error))
        return live_description(model, answer, uses)

    async def query(self, request: QueryRequest) -> QueryPage:
        """One page of rows, read-only. Raises UnknownModel, QueryError, WorkerError."""
        if not isinstance(request.get("model"), str):
            raise QueryError('a query names its model: {"model": "Post", …}')
        scan = await self.scan()
        model = find_model(scan.models, request["model"])
        return await self.adapter_of(model).query(scan, model, request)

    def adapter_of(self, model: StaticModel) -> Adapter:
        return self.adapters[model.summary["framework"]]

    async def check(self, model: str | None = None) -> list[Finding]:
        """Findings about one model or all; `verified` ones come from live metadata."""
        scan = await self.scan()
        everything = [item for item in scan.models if not item.proxy]  # a proxy would repeat its model's findings
        chosen = [find_model(scan.models, model)] if model else everything
        names = [f"{item.summary['file']}:{item.summary['name']}" for item in chosen]
        return check_models([await self.describe(name, with_rows=False) for name in names])

    async def scan(self) -> Scan:
        import asyncio

        return await asyncio.to_thread(self.scan_now)

    def scan_now(self) -> Scan:
        with self.lock:
            return self.scanner.scan()

    async def close(self) -> None:
        """End the workers. The project can still be used; the next request starts another."""
        for adapter in set(self.adapters.values()):
            await adapter.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def uses_of(scan: Scan, model: StaticModel) -> list[Use]:
    place = ClassPlace(model.summary["file"], model.summary["name"])
    return [use for owner, use in scan.uses if owner == place]
