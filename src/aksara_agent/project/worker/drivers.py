"""From an asynchronous database URL to a synchronous driver that the project has."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from .failures import RequestError

# Backend to (driver, module to import); the first that is installed is taken.
SYNCHRONOUS = {
    "sqlite": [("pysqlite", "sqlite3")],
    "postgresql": [("psycopg", "psycopg"), ("psycopg2", "psycopg2"), ("pg8000", "pg8000")],
    "mysql": [("pymysql", "pymysql"), ("mysqldb", "MySQLdb"), ("mysqlconnector", "mysql.connector")],
    "mariadb": [("pymysql", "pymysql"), ("mysqldb", "MySQLdb")],
}
ASYNCHRONOUS = {"aiosqlite", "asyncpg", "psycopg_async", "aiomysql", "asyncmy", "asyncodbc"}
# Options only the asynchronous drivers understand.
ASYNC_ONLY_OPTIONS = {
    "ssl",
    "prepared_statement_cache_size",
    "prepared_statement_name_func",
    "async_fallback",
}


def synchronous_url(url: Any) -> Any:
    """The same database through a synchronous driver. RequestError when the project has none."""
    driver = url.drivername.partition("+")[2]
    if driver not in ASYNCHRONOUS:
        return url
    backend = url.get_backend_name()
    for name, module in SYNCHRONOUS.get(backend, []):
        if installed(module):
            query = {key: value for key, value in url.query.items() if key not in ASYNC_ONLY_OPTIONS}
            return url.set(drivername=backend + "+" + name, query=query)
    wanted = " or ".join(name for name, _ in SYNCHRONOUS.get(backend, [])) or "a synchronous driver"
    message = "the database URL uses {}; to read rows the worker needs {}: install one with {} -m pip install"
    raise RequestError(message.format(url.drivername, wanted, sys.executable), "database")


def installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
