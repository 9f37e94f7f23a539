"""SQLAlchemy and SQLModel projects, asked through the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .description import Framework
from .files import is_test
from .scan import Scan
from .worker_adapter import WorkerAdapter
from .worker_rows import WorkerRows


class SqlAlchemyAdapter(WorkerAdapter):
    """Imports the model modules and reads mappers, tables and rows."""

    frameworks: tuple[Framework, ...] = ("sqlalchemy", "sqlmodel")

    def __init__(self, root: Path, python: Path, *, seconds: float) -> None:
        super().__init__(root, python, seconds=seconds)
        self.rows = WorkerRows(self)

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

    async def migrations(self, scan: Scan, request: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        return await self.ask(scan, None, {"op": "migrations", **request}, seconds)
