"""What the database itself says about a model's table: columns, indexes, applied migrations, number of rows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from aksara.db import quote_identifier

from .aksara_database import read_only
from .aksara_sql import select
from .failures import RequestError

SECONDS = 2.0
COLUMNS = """
    SELECT attname AS name, attnotnull AS required FROM pg_attribute
    WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
INDEXES = """
    SELECT c.relname AS name, i.indisunique AS "unique", i.indisprimary AS "primary", i.indpred IS NOT NULL AS partial,
        ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, i.indnkeyatts) AS k) AS columns
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
    WHERE i.indrelid = to_regclass($1) AND i.indisvalid ORDER BY c.relname
"""
CHECKS = """
    SELECT conname AS name, pg_get_constraintdef(oid) AS sql FROM pg_constraint
    WHERE conrelid = to_regclass($1) AND contype = 'c' ORDER BY conname
"""


@dataclass(frozen=True)
class Live:
    """`connected` is false when nothing could be read; `problem` says why, or why there is no number of rows."""

    connected: bool = False
    columns: dict[str, bool] = field(default_factory=dict)  # to whether it is NOT NULL
    indexes: list[dict[str, Any]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    join_tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # those that exist, with their indexes
    applied: dict[str, str | None] = field(default_factory=dict)  # migration to its checksum
    row_count: int | None = None
    problem: str | None = None


def look_at(model: Any, with_rows: bool) -> Live:
    """Never raises: without a readable database the answer says why."""
    try:
        return asyncio.run(look(model, with_rows))
    except RequestError as error:
        return Live(problem="no row count: {}".format(error) if with_rows else None)


async def look(model: Any, with_rows: bool) -> Live:
    name = quote_identifier(model.__tablename__)
    async with read_only(SECONDS) as connection:
        live = Live(
            connected=True,
            columns={row["name"]: row["required"] for row in await connection.fetch(COLUMNS, name)},
            indexes=await indexes_of(connection, name),
            checks=[dict(row) for row in await connection.fetch(CHECKS, name)],
            join_tables=await join_tables(connection, model),
            applied=await applied_migrations(connection),
        )
        if not with_rows:
            return live
    if not live.columns:
        return replace(live, problem="no row count: the table does not exist")
    try:
        async with read_only(SECONDS) as connection:
            return replace(live, row_count=await connection.fetchval(select("count(*)", name)))
    except RequestError as error:
        return replace(live, problem="no row count: {}".format(error))


async def indexes_of(connection: Any, name: str) -> list[dict[str, Any]]:
    found = [dict(row) for row in await connection.fetch(INDEXES, name)]
    return [dict(index, columns=[column.strip('"') for column in index["columns"]]) for index in found]


async def join_tables(connection: Any, model: Any) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for relation in model._m2m_fields.values():
        name = quote_identifier(relation.join_table_name)
        if await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", name):
            found[relation.join_table_name] = await indexes_of(connection, name)
    return found


async def applied_migrations(connection: Any) -> dict[str, str | None]:
    """Aksara's own function would create the table when it is missing."""
    if not await connection.fetchval("SELECT to_regclass('aksara_migrations') IS NOT NULL"):
        return {}
    rows = await connection.fetch("SELECT name, checksum FROM aksara_migrations")
    return {row["name"]: row["checksum"] for row in rows}
