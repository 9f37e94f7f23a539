"""The project's own connection in a transaction that may write: all or nothing."""

from __future__ import annotations

import contextlib
import re
from typing import Any, Iterator

from django.db import Error, connections, transaction

from .django_database import sqlite_path
from .django_load import only_reads
from .failures import RequestError
from .ledger_entry import NAME
from .writing import LIMITS, refusal

WRITTEN = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+[\"`]?([^\"`\s(]+)")


@contextlib.contextmanager
def writing(alias: str, seconds: float) -> Iterator[Any]:
    """Committed at the end, rolled back on an error or after ``set_rollback``. RequestError says what was refused."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        sqlite_path(connection.settings_dict)  # a missing file must not be made by opening it
    try:
        connection.ensure_connection()
        # Taken away for this transaction alone: the next connection gets its brake again.
        connection.execute_wrappers[:] = [item for item in connection.execute_wrappers if item is not only_reads]
        if connection.vendor == "sqlite":
            connection.transaction_mode = "IMMEDIATE"  # since Django 5.1: what is read still holds when it is written
        with transaction.atomic(using=alias):
            begin(connection, seconds)
            yield connection
    except Error as error:
        raise RequestError(refusal(error)) from error
    finally:
        connection.close()


def begin(connection: Any, seconds: float) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in LIMITS:
                cursor.execute(statement.format(ms=int(seconds * 1000)))


class Others:
    """Which tables the project's own code writes beside those that were asked for, such as an audit log."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        result = execute(sql, params, many, context)
        found = WRITTEN.match(str(sql))
        if found and (context["cursor"].rowcount or str(sql).lstrip().startswith("INSERT")):
            self.written.append(found[1])
        return result

    def notes(self, expected: set[str]) -> list[str]:
        tables = [table for table in dict.fromkeys(self.written) if table not in expected | {NAME}]
        message = "the project's own code also wrote to {}, which undo leaves alone"
        return [message.format(" and ".join(tables))] if tables else []
