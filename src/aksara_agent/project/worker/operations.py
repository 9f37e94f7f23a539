"""What the worker can be asked, and what it remembers between two requests."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict

from . import load
from .database import find_database
from .failures import RequestError


class Loaded:
    """The imported project: its root, the modules we imported, and what failed."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.failures: list[dict[str, Any]] = []
        self.notes: list[str] = []
        self.alembic_ini: str | None = None
        self.framework = "sqlalchemy"
        self.settings_module = ""  # Django's
        self._database: Any = None

    def database(self) -> Any:
        """The project's database, looked up once. RequestError when there is none that can be read."""
        if self._database is None:
            self._database = find_database(self.root, self.alembic_ini)
        return self._database

    def model(self, request: dict[str, Any]) -> Any:
        """The mapped class asked for. RequestError also when its module failed half-way: it is not whole."""
        module, name = request["module"], request["name"]
        if any(failure["module"] == module for failure in self.failures):
            raise RequestError("{} could not be imported".format(module), "model")
        return load.find_model(module, name)


Operations = Dict[str, Callable[[Loaded, Dict[str, Any]], Dict[str, Any]]]


def load_project(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    loaded.alembic_ini = request.get("alembic_ini")
    loaded.failures, loaded.notes = load.import_modules(request["modules"], loaded.root)
    return {
        "models": load.list_models(),
        "failures": loaded.failures,
        "notes": loaded.notes,
        "pid": os.getpid(),
    }


def describe_model(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = loaded.model(request)
    from .describe import describe

    return describe(model, loaded, with_rows=bool(request.get("with_rows", True)))


def count_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = loaded.model(request)
    from .describe import row_count

    count, note = row_count(model, loaded)
    return {"row_count": count, "note": note}


def query_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = loaded.model(request)
    from .query import run_query

    return run_query(model, loaded.database(), request["query"], float(request.get("timeout", 10.0)))


def describe_database(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    try:
        database = loaded.database()
    except RequestError as error:
        return {"url": None, "source": None, "problem": str(error)}
    return {"url": database.shown_url, "source": database.source, "problem": database.problem()}


def ask_migrations(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    from .alembic_config import require_alembic

    if request["what"] == "set_up":
        from .alembic_setup import set_up_files

        return {"files": set_up_files(loaded, request["folder"])}
    require_alembic(loaded)
    from .alembic_requests import answer_migrations

    return answer_migrations(loaded, request)


OPERATIONS: Operations = {
    "load": load_project,
    "describe": describe_model,
    "count": count_rows,
    "query": query_rows,
    "database": describe_database,
    "migrations": ask_migrations,
}


def operations_for(loaded: Loaded, request: dict[str, Any]) -> Operations:
    """The operations of the framework that the load request names."""
    if request["op"] == "load":
        loaded.framework = request.get("framework", loaded.framework)
    if loaded.framework == "django":
        from .django_operations import OPERATIONS as of_django

        return of_django
    return OPERATIONS
