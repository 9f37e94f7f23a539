"""A scratch database on the project's own PostgreSQL server, dropped afterwards."""

from __future__ import annotations

import hashlib
import time
import uuid
from typing import Any

from sqlalchemy import MetaData, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from .failures import RequestError
from .scratch import NoScratch

PREFIX = "aksara_scratch_"
MOST_ROWS = 200_000
BATCH = 1_000
OLD_SECONDS = 3_600


class PostgresScratch:
    """Empty at first. Whoever makes it drops it."""

    def __init__(self, root: str, url: Any) -> None:
        self.original = url
        own = PREFIX + hashlib.sha256(root.encode()).hexdigest()[:8] + "_"
        self.name = "{}{}_{}".format(own, int(time.time()), uuid.uuid4().hex[:8])
        self.url = url.set(database=self.name)
        try:
            drop_left_over(self.execute, own)
            self.execute("CREATE DATABASE {}".format(self.name))
        except DBAPIError as error:
            message = "no scratch database could be made on {}: {}"
            raise NoScratch(message.format(url.host or "the server", str(error.orig).strip()), "database") from error

    def execute(self, sql: str) -> list[Any]:
        """On the server, outside of any transaction."""
        with create_engine(
            self.original, poolclass=NullPool, future=True, isolation_level="AUTOCOMMIT"
        ).connect() as connection:
            result = connection.execute(text(sql))
            return list(result) if result.returns_rows else []

    def fill_from_template(self) -> bool:
        """Have the server copy the whole database; it refuses while anybody is connected to the original."""
        self.execute("DROP DATABASE {} WITH (FORCE)".format(self.name))
        quoted = '"{}"'.format(str(self.original.database).replace('"', '""'))
        server = self.original.set(database="postgres")
        elsewhere = create_engine(server, poolclass=NullPool, future=True, isolation_level="AUTOCOMMIT")
        try:
            with elsewhere.connect() as connection:
                connection.execute(text("CREATE DATABASE {} TEMPLATE {}".format(self.name, quoted)))
        except DBAPIError:
            self.execute("CREATE DATABASE {}".format(self.name))
            return False
        return True

    def connect(self) -> Any:
        return create_engine(self.url, poolclass=NullPool, future=True).connect()

    def copy_rows(self) -> None:
        """Copy the rows into tables that migrations have made. RequestError when there are too many."""
        with create_engine(
            self.original, poolclass=NullPool, future=True
        ).connect() as source, self.connect() as target:
            source.execute(text("SET TRANSACTION READ ONLY"))
            without_triggers(target)
            tables = MetaData()
            tables.reflect(target)
            for table in tables.sorted_tables:
                target.execute(table.delete())
            left = MOST_ROWS
            for table in tables.sorted_tables:
                left -= copy_table(table, source, target, left)
            target.commit()

    def redirect(self, dialect: Any, record: Any, cargs: Any, cparams: Any) -> None:
        if dialect.name != "postgresql":
            message = "env.py connects to {}, but the project's database is PostgreSQL: set the same URL in both"
            raise RequestError(message.format(dialect.name), "database")
        cparams["database" if dialect.driver in ("asyncpg", "pg8000") else "dbname"] = self.name

    def check(self, connection: Any) -> None:
        """RequestError when env.py reached another database after all."""
        found = connection.exec_driver_sql("SELECT current_database()").scalar() if connection is not None else None
        if found != self.name:
            message = "env.py makes its connection in a way that cannot be led to a scratch copy (creator=?)"
            raise RequestError(message, "database")
        if hasattr(connection, "rollback"):  # SQLAlchemy 1.4 without future=True begins nothing
            connection.rollback()

    def drop(self) -> None:
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)".format(self.name))


def without_triggers(connection: Any) -> None:
    """Rows may refer to later ones; only a superuser may ask not to be checked."""
    try:
        connection.execute(text("SET session_replication_role = replica"))
    except DBAPIError:
        connection.rollback()


def copy_table(table: Any, source: Any, target: Any, most: int) -> int:
    """How many rows were copied."""
    columns = [column for column in table.columns if column.computed is None]
    count = 0
    result = source.execution_options(stream_results=True).execute(select(*columns))
    for rows in result.mappings().partitions(BATCH):
        count += len(rows)
        if count > most:
            raise RequestError("the database has more than {:,} rows to copy".format(MOST_ROWS), "database")
        target.execute(insert(table), [{column.name: row[column] for column in columns} for row in rows])
    return count


def drop_left_over(execute: Any, prefix: str) -> None:
    """Old scratch databases of this project: their worker was killed."""
    names = [row[0] for row in execute("SELECT datname FROM pg_database")]
    for name in names:
        made = name[len(prefix) :].partition("_")[0] if name.startswith(prefix) else ""
        if made.isdigit() and int(made) < time.time() - OLD_SECONDS:
            execute("DROP DATABASE IF EXISTS {} WITH (FORCE)".format(name))
