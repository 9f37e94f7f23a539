"""The ledger: one row for each finished call, written in the call's own transaction, so that a crash hides nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, inspect, select
from sqlalchemy.exc import IntegrityError

from .failures import RequestError
from .readonly import read_only
from .writing import writing

LEDGER = Table(
    "aksara_ledger",
    MetaData(),
    Column("run_id", String(64), primary_key=True),
    Column("call_id", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("result", Text),
    Column("inverse", Text),
    Column("created_at", DateTime, nullable=False),
)


def create(database: Any, seconds: float) -> dict[str, Any]:
    """Make the table, if there is none."""
    with writing(database, seconds) as session:
        existed = exists(session.connection())
        LEDGER.create(session.connection(), checkfirst=True)
        session.commit()
    return {"created": not existed}


def find(database: Any, call: dict[str, str], seconds: float) -> dict[str, Any]:
    """Whether there is a ledger, and the call's entry in it (None: it never took effect)."""
    with read_only(database, seconds) as connection:
        if not exists(connection):
            return {"ledger": False, "entry": None}
        row = connection.execute(entry_of(call)).first()
    return {"ledger": True, "entry": entry(row) if row else None}


def exists(connection: Any) -> bool:
    if connection.dialect.name != "sqlite":
        return bool(inspect(connection).has_table(LEDGER.name))
    # The read-only connection knows no PRAGMA, which is how SQLAlchemy would ask.
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.exec_driver_sql(asked, (LEDGER.name,)).first() is not None


def claim(session: Any, call: dict[str, str], change: dict[str, Any]) -> bool:
    """Reserve the call's place before anything is changed; False when it is taken: the call has been done."""
    row = dict(call, request_hash=hash_of(change), created_at=dt.datetime.now(dt.timezone.utc).replace(tzinfo=None))
    try:
        session.connection().execute(LEDGER.insert().values(row))
    except IntegrityError:
        session.rollback()
        return False
    return True


def done(connection: Any, call: dict[str, str], change: dict[str, Any]) -> dict[str, Any]:
    """What the call did when it was carried out. RequestError when it asked for something else then."""
    row = connection.execute(entry_of(call)).one()
    if row.request_hash != hash_of(change):
        raise RequestError("call {} of the run stands in the ledger with another request".format(call["call_id"]))
    return entry(row)


def record(connection: Any, call: dict[str, str], result: dict[str, Any], inverse: dict[str, Any] | None) -> None:
    """Keep the outcome with the entry; it becomes visible together with the rows."""
    values = {"result": json.dumps(result), "inverse": json.dumps(inverse)}
    connection.execute(LEDGER.update().where(*same(call)).values(values))


def entry(row: Any) -> dict[str, Any]:
    return dict(json.loads(row.result), inverse=json.loads(row.inverse))


def entry_of(call: dict[str, str]) -> Any:
    return select(LEDGER).where(*same(call))


def same(call: dict[str, str]) -> list[Any]:
    return [LEDGER.c.run_id == call["run_id"], LEDGER.c.call_id == call["call_id"]]


def hash_of(change: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(change, sort_keys=True).encode("utf-8")).hexdigest()
