"""The tables that env.py declares, checked before anything is compared with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.schema import Table

from .failures import RequestError
from .load import mapped_classes


def metadatas(options: dict[str, Any]) -> list[Any]:
    """RequestError when env.py gives none: every table would be dropped."""
    given = options.get("target_metadata")
    if given is None:
        raise RequestError("env.py gives no target_metadata: set it there, for example target_metadata = Base.metadata")
    return list(given) if isinstance(given, (list, tuple)) else [given]


def declared_tables(options: dict[str, Any]) -> dict[str, Any]:
    return {name: table for metadata in metadatas(options) for name, table in metadata.tables.items()}


def compared_tables(options: dict[str, Any]) -> list[Any]:
    """The declared tables that env.py's include_object lets through."""
    include = options.get("include_object")
    tables = sorted(declared_tables(options).items())
    return [table for _, table in tables if include is None or include(table, table.name, "table", False, None)]


def model_names() -> dict[str, str]:
    """Table to the name of the model that is mapped to it."""
    found: dict[str, str] = {}
    for model in mapped_classes():
        table = inspect(model).local_table
        if isinstance(table, Table):
            found.setdefault(table.fullname, model.__name__)
    return found


def refuse_half_imported(loaded: Any) -> None:
    """RequestError when a module failed: its tables would look as if they had been removed."""
    if loaded.failures:
        first = loaded.failures[0]
        where = "{}: ".format(first["where"]) if first["where"] else ""
        message = "{}{}: {}; no migration is made from half of the models: repair this first"
        raise RequestError(message.format(where, first["type"], first["message"]), "database")


def refuse_missing_models(dropped: list[str], options: dict[str, Any]) -> None:
    """RequestError when a table would be dropped that a model of the project has."""
    models, declared = model_names(), declared_tables(options)
    missing = [models[table] for table in dropped if table in models and table not in declared]
    if missing:
        message = "env.py does not import {}: its tables would be dropped; import them before target_metadata is set"
        raise RequestError(message.format(", ".join(sorted(missing))))
