"""Imports the project's model modules and finds the mapped classes in them."""

from __future__ import annotations

import contextlib
import importlib
from typing import Any, Iterator

from .failures import RequestError, describe_failure


def import_modules(modules: list[str], root: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Import each module; one that fails is reported and does not stop the others."""
    failures: list[dict[str, Any]] = []
    notes: list[str] = []
    with tables_left_alone(notes):
        for module in modules:
            try:
                importlib.import_module(module)
            except BaseException as error:  # sys.exit() at import must not end the worker
                failures.append(dict(describe_failure(error, root), module=module))
    return failures, notes


@contextlib.contextmanager
def tables_left_alone(notes: list[str]) -> Iterator[None]:
    """Some projects call create_all() at import: looking at a project must not change its database."""
    try:
        from sqlalchemy import MetaData
    except ImportError:
        yield
        return
    originals = MetaData.create_all, MetaData.drop_all

    def skip(*arguments: Any, **options: Any) -> None:
        notes.append("the project creates or drops tables when it is imported; the worker skipped that call")

    MetaData.create_all = MetaData.drop_all = skip  # type: ignore[method-assign]
    try:
        yield
    finally:
        MetaData.create_all, MetaData.drop_all = originals  # type: ignore[method-assign]


def mapped_classes() -> list[Any]:
    """Every class mapped by any registry of this process, ordered by module and name."""
    try:
        from sqlalchemy.orm import mapperlib
    except ImportError:
        return []
    # A class whose module failed half-way is known to its registry without being mapped.
    managers = [manager for registry in mapperlib._all_registries() for manager in list(registry._managers)]
    found = [manager.class_ for manager in managers if manager.is_mapped]
    return sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__))


def list_models() -> list[dict[str, Any]]:
    return [{"module": cls.__module__, "name": cls.__qualname__} for cls in mapped_classes()]


def find_model(module: str, name: str) -> Any:
    """The mapped class; the module may be known to the project under a longer or shorter name."""
    named = [cls for cls in mapped_classes() if cls.__qualname__ == name]
    exact = [cls for cls in named if cls.__module__ == module]
    if len(exact or named) == 1:
        return (exact or named)[0]
    if named:
        places = ", ".join(cls.__module__ for cls in named)
        raise RequestError("{} is mapped in several modules: {}".format(name, places), "model")
    raise RequestError("{}.{} is not a mapped class once the project is imported".format(module, name), "model")
