"""Which database a Django model is read from, shown without its password."""

from __future__ import annotations

import os
import pathlib
from typing import Any
from urllib.parse import quote

from django.db import connections, router

from .failures import RequestError
from .production import WORDS, production_evidence, refuse_evidence, words


def alias_of(model: Any) -> str:
    """The project's router decides, as it does for the project itself."""
    return str(router.db_for_read(model))


def written_alias(model: Any) -> str:
    return str(router.db_for_write(model))


def sqlite_path(settings: dict[str, Any]) -> pathlib.Path:
    """Absolute path of the SQLite file. RequestError when there is no file to read."""
    name = os.fspath(settings["NAME"] or ":memory:")
    if name.startswith("file:"):
        name, _, options = name[len("file:") :].partition("?")
        name = ":memory:" if "mode=memory" in options else name
    if name in ("", ":memory:"):
        raise RequestError("the database is in memory: another process has no rows to read", "database")
    path = pathlib.Path(os.path.abspath(name))
    if not path.is_file():
        message = "database file {} does not exist yet; run your migrations (for example: python manage.py migrate)"
        raise RequestError(message.format(name), "database")
    return path


def shown_url(settings: dict[str, Any], vendor: str) -> str:
    """ "postgresql://app:***@db:5432/shop"."""
    name = os.fspath(settings["NAME"] or "")
    if vendor == "sqlite":
        return "sqlite:///" + name
    user = quote(settings["USER"]) + (":***" if settings["PASSWORD"] else "")
    place = settings["HOST"] + (":{}".format(settings["PORT"]) if settings["PORT"] else "")
    return "{}://{}/{}".format(vendor, "{}@{}".format(user, place) if user else place, name)


def writable(model: Any, loaded: Any, request: dict[str, Any]) -> str:
    """Where the model's rows are written. RequestError when that looks like production and was not allowed."""
    alias = written_alias(model)
    if not request["allow_production_writes"]:
        refuse_production(alias, loaded)
    return alias


def refuse_production(alias: str, loaded: Any) -> None:
    refuse_evidence(looks_like_production(alias, loaded))


def looks_like_production(alias: str, loaded: Any) -> Any:
    """What says so, or None; beside the usual evidence a settings module such as mysite.settings.prod."""
    if WORDS & words(loaded.settings_module.rpartition(".")[2]):
        return "settings module " + loaded.settings_module
    settings, is_file = connections[alias].settings_dict, connections[alias].vendor == "sqlite"
    return production_evidence(str(settings["HOST"]), os.fspath(settings["NAME"] or ""), is_file, loaded.root)


def describe(alias: str, settings_module: str) -> dict[str, Any]:
    """URL, source, and the sentence why rows cannot be read. Opens nothing."""
    connection = connections[alias]
    problem = None
    if connection.vendor == "unknown":
        problem = "no database is configured: set DATABASES in {}".format(settings_module)
    elif connection.vendor == "sqlite":
        try:
            sqlite_path(connection.settings_dict)
        except RequestError as error:
            problem = str(error)
    return {
        "url": shown_url(connection.settings_dict, connection.vendor),
        "source": "DATABASES[{!r}] in {}".format(alias, settings_module),
        "problem": problem,
    }
