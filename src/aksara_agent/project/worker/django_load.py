"""Sets a Django project up and finds its models."""

from __future__ import annotations

import os
from typing import Any

from .failures import RequestError, describe_failure
from .suggest import did_you_mean
from .written_in import written_in

# Not the boundary of our queries, which have a read-only connection: a brake for the project's own code.
READING = ("SELECT", "WITH", "SHOW", "SET", "PRAGMA", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


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
    """What an app does in ready(), or a thread it starts, must not change the database while we look."""
    from django.db.backends.signals import connection_created

    def on_connection(sender: Any, connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(only_reads)

    connection_created.connect(on_connection, weak=False)


def only_reads(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
    from django.db import OperationalError

    if not str(sql).lstrip(" (").upper().startswith(READING):
        raise OperationalError("the project is only looked at, so this is not executed: {:.60}".format(str(sql)))
    return execute(sql, params, many, context)


def known_models() -> list[Any]:
    from django.apps import apps

    return list(apps.get_models())


def find_model(root: str, request: dict[str, Any], settings_module: str) -> Any:
    """The model class written in this file. RequestError when the framework does not know it."""
    model = written_in(known_models(), root, request)
    if model is not None:
        return model
    labels = [model._meta.label for model in known_models()]
    message = "{} of {} is not among the models of the installed apps: is its app in INSTALLED_APPS of {}? {}"
    hint = did_you_mean(request["name"], labels)
    raise RequestError(message.format(request["name"], request["file"], settings_module, hint), "model")
