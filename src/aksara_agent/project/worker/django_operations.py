"""The worker's operations on a Django project; requests and answers are the same as for SQLAlchemy."""

from __future__ import annotations

from typing import Any

from . import django_load
from .failures import RequestError
from .operations import Loaded, Operations


def model_of(loaded: Loaded, request: dict[str, Any]) -> Any:
    if loaded.failures:
        raise RequestError("the project could not be set up", "model")
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


OPERATIONS: Operations = {
    "load": django_load.load_project,
    "describe": describe_model,
    "count": count_rows,
    "query": query_rows,
    "database": describe_database,
}
