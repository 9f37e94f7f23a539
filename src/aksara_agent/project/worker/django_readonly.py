"""A connection of our own beside the project's: the same settings, but the database refuses every write."""

from __future__ import annotations

import contextlib
import copy
import time
from typing import Any, Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connections
from django.db.utils import load_backend

from .django_database import sqlite_path
from .failures import RequestError
from .readonly import READ_ONLY, explain, lock

ALIAS = "aksara_agent_read_only"
# Options that run statements of the project on a new connection, or share connections with it.
DROPPED_OPTIONS = ("init_command", "transaction_mode", "pool")


@contextlib.contextmanager
def read_only(alias: str, seconds: float) -> Iterator[Any]:
    """A connection that can only read, known to the ORM as ALIAS; rolled back and closed at the end.

    RequestError when the time is over or the database cannot promise to be read-only.
    """
    deadline = time.monotonic() + seconds
    with opened(alias) as connection:
        try:
            if connection.vendor == "sqlite":
                lock(connection.connection, deadline)
            else:
                limit(connection, seconds)
            yield connection
        except Error as error:
            raise RequestError(explain(str(error), deadline, seconds), "database") from error


@contextlib.contextmanager
def opened(alias: str) -> Iterator[Any]:
    """A second connection to the project's database; SQLite opens the file read-only."""
    wrapper = second_wrapper(alias)
    try:
        connect(wrapper)
    except (Error, ImproperlyConfigured) as error:
        raise RequestError(
            "no connection to database {!r}: {}".format(alias, str(error).strip()), "database"
        ) from error
    connections[ALIAS] = wrapper
    try:
        yield wrapper
    finally:
        del connections[ALIAS]
        with contextlib.suppress(Error):
            wrapper.close()


def second_wrapper(alias: str) -> Any:
    settings = copy.deepcopy(connections[alias].settings_dict)
    vendor = connections[alias].vendor
    settings["OPTIONS"] = {key: value for key, value in settings["OPTIONS"].items() if key not in DROPPED_OPTIONS}
    settings["ATOMIC_REQUESTS"], settings["AUTOCOMMIT"] = False, True
    if vendor == "sqlite":
        settings["NAME"] = sqlite_path(settings).as_uri() + "?mode=ro"
    elif vendor not in READ_ONLY:
        message = "{} has no read-only transaction the worker knows; known: sqlite, {}"
        raise RequestError(message.format(vendor, ", ".join(sorted(READ_ONLY))), "database")
    if vendor == "postgresql":
        settings["OPTIONS"]["server_side_binding"] = True  # values travel apart from the statement
    return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, ALIAS)


def connect(wrapper: Any) -> None:
    """What connect() does, without its signal: receivers of the project may run statements of their own."""
    with wrapper.wrap_database_errors:
        wrapper.connection = wrapper.get_new_connection(wrapper.get_connection_params())
        wrapper.set_autocommit(True)
        wrapper.init_connection_state()


def limit(connection: Any, seconds: float) -> None:
    """Begin a transaction that is read-only and bounded."""
    connection.set_autocommit(False)
    name = "mariadb" if getattr(connection, "mysql_is_mariadb", False) else connection.vendor
    with connection.cursor() as cursor:
        for statement in READ_ONLY[name]:
            cursor.execute(statement.format(ms=int(seconds * 1000), seconds=seconds))
