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

    def writable(self, request: dict[str, Any]) -> Any:
        """The database, for writing. RequestError when it looks like production and that was not allowed."""
        database = self.database()
        if not request["allow_production_writes"]:
            from .production import refuse_production

            refuse_production(database, self.root)
        return database

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


def plan_change(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model, database = loaded.model(request), loaded.writable(request)
    from .plan import plan_change

    return plan_change(model, database, request["change"], float(request["seconds"]))


def apply_change(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model, database = loaded.model(request), loaded.writable(request)
    from .apply import apply_change

    return apply_change(model, database, request)


def undo_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    from .undo import undo

    return undo(loaded.writable(request), request)


def export_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = loaded.model(request)
    from .export import export_rows

    return export_rows(model, loaded.database(), request, float(request["seconds"]))


def create_ledger(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    from .ledger import create

    return create(loaded.writable(request), float(request["seconds"]))


def find_call(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    from .ledger import find

    return find(loaded.database(), request["call"], float(request["seconds"]))


OPERATIONS: Operations = {
    "load": load_project,
    "describe": describe_model,
    "count": count_rows,
    "query": query_rows,
    "database": describe_database,
    "migrations": ask_migrations,
    "plan_change": plan_change,
    "apply_change": apply_change,
    "undo_rows": undo_rows,
    "export": export_rows,
    "create_ledger": create_ledger,
    "find_call": find_call,
}


def operations_for(loaded: Loaded, request: dict[str, Any]) -> Operations:
    """The operations of the framework that the load request names."""
    if request["op"] == "load":
        loaded.framework = request.get("framework", loaded.framework)
    if loaded.framework == "django":
        from .django_operations import OPERATIONS as of_django

        return of_django
    if loaded.framework == "aksara":
        from .aksara_operations import OPERATIONS as of_aksara

        return of_aksara
    return OPERATIONS
