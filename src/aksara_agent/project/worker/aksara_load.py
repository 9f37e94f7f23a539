"""Imports an Aksara project's settings and models, and closes its relations once."""

from __future__ import annotations

import importlib
import inspect
import os
from typing import Any, Callable

from .failures import RequestError, describe_failure, project_place
from .suggest import did_you_mean
from .written_in import written_in


def load_project(loaded: Any, request: dict[str, Any]) -> dict[str, Any]:
    """What fails is reported, not raised. A failure without module concerns the whole project."""
    try:
        prepare(os.path.join(loaded.root, request["folder"]), request["settings"])
    except BaseException as error:  # sys.exit() in a settings file must not end the worker
        loaded.failures = [dict(describe_failure(error, loaded.root), module="")]
        return {"models": [], "failures": loaded.failures, "notes": loaded.notes, "pid": os.getpid()}
    loaded.failures = import_modules(request["modules"] + modules_of_apps(), loaded.root)
    loaded.failures += close_relations(loaded.root)
    models = [{"module": model.__module__, "name": model.__qualname__} for model in known_models()]
    return {"models": models, "failures": loaded.failures, "notes": loaded.notes, "pid": os.getpid()}


def prepare(folder: str, settings: str | None) -> None:
    os.chdir(folder)  # Aksara looks here for .env and migrations
    import aksara  # noqa: F401 - it reads .env and the environment

    refuse_writes()
    if settings is not None:
        importlib.import_module(settings)


def refuse_writes() -> None:
    """Connections that the project opens while it is imported are read-only."""
    import asyncpg

    asyncpg.connect = read_only(asyncpg.connect)
    asyncpg.create_pool = read_only(asyncpg.create_pool)


def read_only(connect: Callable[..., Any]) -> Callable[..., Any]:
    def connect_to_read(*arguments: Any, server_settings: Any = None, **options: Any) -> Any:
        settings = dict(server_settings or {}, default_transaction_read_only="on")
        return connect(*arguments, server_settings=settings, **options)

    return connect_to_read


def modules_of_apps() -> list[str]:
    """The models of installed apps, also the library's own: relations may lead to them."""
    from aksara.conf import settings

    apps = dict.fromkeys([*settings.installed_apps, *settings.apps])
    return ["{}.models".format(app) for app in apps]


def import_modules(modules: list[str], root: str) -> list[dict[str, Any]]:
    """Import each; one that fails does not stop the others. An app need not exist, or have models."""
    failures = []
    for module in dict.fromkeys(modules):
        try:
            importlib.import_module(module)
        except BaseException as error:
            missing = error.name if isinstance(error, ModuleNotFoundError) else None
            if not (missing and (module + ".").startswith(missing + ".")):
                failures.append(dict(describe_failure(error, root), module=module))
    return failures


def close_relations(root: str) -> list[dict[str, Any]]:
    """finalize_relations() exactly once: a second call would register every relation again."""
    from aksara.model.base import finalize_relations
    from aksara.registry import AmbiguousModelError
    from aksara.relations import RelationRegistry

    RelationRegistry.clear()  # in case the project called it already
    try:
        finalize_relations()
    except (AmbiguousModelError, AttributeError) as error:
        model, field = guilty(error)
        where = place_of(model, root) if model else None
        name = "{}.{}: ".format(model.__name__, field) if model else ""
        return [{"type": type(error).__name__, "message": name + str(error), "where": where, "module": ""}]
    return []


def guilty(error: Exception) -> tuple[Any, str]:
    """The model and field whose target has an ambiguous name."""
    for model in known_models():
        for name, field in dict(model._fk_fields, **model._m2m_fields).items():
            if isinstance(field._to, str) and field._to == getattr(error, "name", None):
                return model, name
    return None, ""


def place_of(model: Any, root: str) -> str | None:
    try:
        return project_place(inspect.getfile(model), inspect.getsourcelines(model)[1], root)
    except (OSError, TypeError):
        return None


def known_models() -> list[Any]:
    from aksara.registry import ModelRegistry

    return list(ModelRegistry.all().values())


def find_model(root: str, request: dict[str, Any]) -> Any:
    """The model class written in this file. RequestError when the framework does not know it."""
    model = written_in(known_models(), root, request)
    if model is not None:
        return model
    names = [model.__qualname__ for model in known_models()]
    message = "{} of {} is not in Aksara's registry once the project is imported: {}"
    raise RequestError(message.format(request["name"], request["file"], did_you_mean(request["name"], names)), "model")
