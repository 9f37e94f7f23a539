"""The worker's operations on an Aksara project; requests and answers are the same as for SQLAlchemy."""

from __future__ import annotations

from typing import Any

from . import aksara_load
from .failures import RequestError
from .operations import Loaded, Operations


def model_of(loaded: Loaded, request: dict[str, Any]) -> Any:
    """RequestError also when its module failed half-way: the class may not be whole."""
    if any(failure["module"] in ("", request["module"]) for failure in loaded.failures):
        raise RequestError("{} could not be imported".format(request["module"]), "model")
    return aksara_load.find_model(loaded.root, request)


def describe_model(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .aksara_describe import describe

    return describe(model, loaded, with_rows=bool(request.get("with_rows", True)))


def count_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .aksara_catalog import look_at

    live = look_at(model, with_rows=True)
    return {"row_count": live.row_count, "note": live.problem}


def query_rows(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    model = model_of(loaded, request)
    from .aksara_query import run_query

    return run_query(model, request["query"], float(request.get("timeout", 10.0)))


def describe_database(loaded: Loaded, request: dict[str, Any]) -> dict[str, Any]:
    if any(failure["module"] == "" for failure in loaded.failures):
        return {"url": None, "source": None, "problem": loaded.failures[0]["message"]}
    from .aksara_database import describe

    return describe()


OPERATIONS: Operations = {
    "load": aksara_load.load_project,
    "describe": describe_model,
    "count": count_rows,
    "query": query_rows,
    "database": describe_database,
}
