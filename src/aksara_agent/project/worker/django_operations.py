"""The worker's operations on a Django project; requests and answers are the same as for SQLAlchemy."""

from __future__ import annotations

from typing import Any

from . import django_load
from .failures import RequestError
from .operations import Loaded, Operations


def need_setup(loaded: Loaded) -> None:
    if loaded.failures:
        raise RequestError("the project could not be set up", "model")


def model_of(loaded: Loaded, request: dict[str, Any]) -> Any:
    need_setup(loaded)
    return django_load.find_model(loaded.root, request, loaded.settings_module)


def describe_model(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .django_describe import describe

    return describe(model, loaded.notes, with_rows=bool(request.get("with_rows", True)))


def count_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .django_describe import row_count

    count, note = row_count(model)
    return {"row_count": count, "note": note}


def query_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .django_query import run_query

    return run_query(model, request["query"], float(request.get("timeout", 10.0)))


def describe_database(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    if loaded.failures:
        return {"url": None, "source": None, "problem": loaded.failures[0]["message"]}
    from .django_database import describe

    return describe("default", loaded.settings_module)


def plan_change(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .django_database import writable
    from .django_plan import plan_change

    return plan_change(model, writable(model, loaded, request), request["change"], float(request["seconds"]))


def apply_change(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .django_apply import apply_change
    from .django_database import writable

    return apply_change(model, writable(model, loaded, request), request)


def undo_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    need_setup(loaded)
    from .django_database import refuse_production
    from .django_undo import by_alias, undo

    if not request["allow_production_writes"]:
        for alias in by_alias(request["inverses"]):
            refuse_production(alias, loaded)
    return undo(request)


def export_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .django_export import export_rows

    return export_rows(model, request, float(request["seconds"]))


def create_ledger(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    need_setup(loaded)
    from .django_database import refuse_production
    from .django_ledger import create

    if not request["allow_production_writes"]:
        refuse_production("default", loaded)
    return create("default", float(request["seconds"]))


def find_call(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .django_database import written_alias
    from .django_ledger import find

    return find(written_alias(model), request["call"], float(request["seconds"]))


OPERATIONS: Operations = {
    "load": django_load.load_project,
    "describe": describe_model,
    "count": count_rows,
    "query": query_rows,
    "database": describe_database,
    "plan_change": plan_change,
    "apply_change": apply_change,
    "undo_rows": undo_rows,
    "export": export_rows,
    "create_ledger": create_ledger,
    "find_call": find_call,
}
