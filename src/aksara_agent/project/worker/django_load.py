"""Sets a Django project up and finds its models."""

from __future__ import annotations

import os
import sys
from typing import Any

from .failures import RequestError, describe_failure
from .suggest import did_you_mean

# What a connection of the project itself hears first.
NO_WRITES = {
    "sqlite": "PRAGMA query_only = ON",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
}


def load_project(loaded: Any, request: dict[str, Any]) -> dict[str, Any]:
    """django.setup() with the settings that were found; what fails is reported, not raised."""
    loaded.settings_module, loaded.notes = request["settings"], list(request["notes"])
    try:
        set_up(os.path.join(loaded.root, request["folder"]), request["settings"])
        models = [{"module": model.__module__, "name": model.__qualname__} for model in known_models()]
    except BaseException as error:  # sys.exit() in a settings file must not end the worker
        loaded.failures = [dict(describe_failure(error, loaded.root), module="")]
        models = []
    return {"models": models, "failures": loaded.failures, "notes": loaded.notes, "pid": os.getpid()}


def set_up(folder: str, settings_module: str) -> None:
    os.chdir(folder)  # where manage.py stands: a relative database name is meant from there
    import django
    from django.conf import settings

    os.environ["DJANGO_SETTINGS_MODULE"] = settings_module
    settings.LOGGING_CONFIG = None  # looking at a project must not create its log files
    refuse_writes()
    django.setup()


def refuse_writes() -> None:
    """Connections the project opens itself (an app's ready(), a thread it starts) cannot write either."""
    from django.db.backends.signals import connection_created

    def read_only(sender: Any, connection: Any, **_: Any) -> None:
        statement = NO_WRITES.get(connection.vendor)
        if statement:
            with connection.cursor() as cursor:
                cursor.execute(statement)

    connection_created.connect(read_only, weak=False)


def known_models() -> list[Any]:
    from django.apps import apps

    return list(apps.get_models())


def find_model(root: str, file: str, name: str, settings_module: str) -> Any:
    """The model class written in this file; its module may have another name for the project than for us."""
    named = [model for model in known_models() if model.__qualname__ == name]
    wanted = os.path.realpath(os.path.join(root, file))
    for model in named:
        if os.path.realpath(getattr(sys.modules.get(model.__module__), "__file__", None) or "") == wanted:
            return model
    if len(named) == 1:
        return named[0]
    labels = [model._meta.label for model in known_models()]
    message = "{} of {} is not among the models of the installed apps: is its app in INSTALLED_APPS of {}? {}"
    raise RequestError(message.format(name, file, settings_module, did_you_mean(name, labels)), "model")
