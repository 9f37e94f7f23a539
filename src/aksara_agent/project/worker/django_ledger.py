"""The ledger in a Django project: the same table as SQLAlchemy's, written in the call's own transaction."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from .django_readonly import read_only
from .django_writing import writing
from .ledger_entry import NAME, as_text, from_text, new_entry, same_request

TABLE = """
    CREATE TABLE aksara_ledger (
        run_id varchar(64) NOT NULL, call_id varchar(200) NOT NULL, request_hash varchar(64) NOT NULL,
        result text, inverse text, created_at timestamp NOT NULL, PRIMARY KEY (run_id, call_id)
    )
"""
INSERT = "INSERT INTO aksara_ledger (run_id, call_id, request_hash, created_at) VALUES (%s, %s, %s, %s)"
RECORD = "UPDATE aksara_ledger SET result = %s, inverse = %s WHERE run_id = %s AND call_id = %s"
FIND = "SELECT request_hash, result, inverse FROM aksara_ledger WHERE run_id = %s AND call_id = %s"


def create(alias: str, seconds: float) -> dict[str, Any]:
    """Make the table, if there is none."""
    with writing(alias, seconds) as connection:
        existed = exists(connection)
        if not existed:
            run(connection, TABLE, [])
    return {"created": not existed}


def find(alias: str, call: dict[str, str], seconds: float) -> dict[str, Any]:
    """Whether there is a ledger, and the call's entry in it (None: it never took effect)."""
    with read_only(alias, seconds) as connection:
        if not exists(connection):
            return {"ledger": False, "entry": None}
        row = run(connection, FIND, same(call))
    return {"ledger": True, "entry": from_text(row[1], row[2]) if row else None}


def exists(connection: Any) -> bool:
    with connection.cursor() as cursor:
        return NAME in connection.introspection.table_names(cursor)


def claim(connection: Any, call: dict[str, str], change: dict[str, Any]) -> bool:
    """Reserve the call's place before anything is changed; False when it is taken: the call has been done."""
    entry = new_entry(call, change)
    moment = connection.ops.adapt_datetimefield_value(entry["created_at"])
    try:
        with transaction.atomic(using=connection.alias):
            run(connection, INSERT, [*same(call), entry["request_hash"], moment])
    except IntegrityError:
        return False
    return True


def done(connection: Any, call: dict[str, str], change: dict[str, Any]) -> dict[str, Any]:
    """What the call did when it was carried out. RequestError when it asked for something else then."""
    request_hash, result, inverse = run(connection, FIND, same(call))
    same_request(request_hash, call, change)
    return from_text(result, inverse)


def record(connection: Any, call: dict[str, str], result: dict[str, Any], inverse: dict[str, Any] | None) -> None:
    """Keep the outcome with the entry; it becomes visible together with the rows."""
    text = as_text(result, inverse)
    run(connection, RECORD, [text["result"], text["inverse"], *same(call)])


def run(connection: Any, statement: str, values: list[Any]) -> Any:
    """The first row, where the statement has one."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if statement.startswith("SELECT") else None


def same(call: dict[str, str]) -> list[str]:
    return [call["run_id"], call["call_id"]]
