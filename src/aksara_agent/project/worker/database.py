"""Which database the project uses: its own engine, then the environment, then alembic.ini."""

from __future__ import annotations

import configparser
import os
import sys
from typing import Any

from .drivers import synchronous_url
from .failures import RequestError, project_place

ENVIRONMENT = ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI")


class Database:
    """A database URL with a synchronous driver, and the sentence that says where it was found."""

    def __init__(self, url: Any, source: str, engine: Any = None) -> None:
        self.url = synchronous_url(url)
        self.shown_url = str(url.render_as_string(hide_password=True))
        self.source = source
        # The project's engine knows its own connect arguments; only a synchronous one can be used here.
        self.engine = engine if engine is not None and self.url == url else None
        self.is_sqlite = self.url.get_backend_name() == "sqlite"

    def sqlite_path(self) -> str:
        """Absolute path of the SQLite file. RequestError when there is no file to read."""
        name = self.url.database or ":memory:"
        if name.startswith("file:"):
            name = name[len("file:") :].partition("?")[0]
        if name in ("", ":memory:") or self.url.query.get("mode") == "memory":
            raise RequestError("the database is in memory: another process has no rows to read", "database")
        path = os.path.abspath(name)
        if not os.path.isfile(path):
            message = "database file {} does not exist yet; run your migrations (for example: alembic upgrade head)"
            raise RequestError(message.format(name), "database")
        return path

    def problem(self) -> str | None:
        """One sentence when rows cannot be read, else None. Opens nothing."""
        try:
            if self.is_sqlite:
                self.sqlite_path()
        except RequestError as error:
            return str(error)
        return None


def find_database(root: str, alembic_ini: str | None) -> Database:
    """The first database found. RequestError when nothing names one."""
    for source, engine in engines(root):
        return Database(engine.url, source, engine)
    from sqlalchemy.engine import make_url

    for name in ENVIRONMENT:
        if os.environ.get(name):
            return Database(make_url(modern(os.environ[name])), "environment variable " + name)
    url = alembic_url(alembic_ini)
    if url and alembic_ini:
        return Database(make_url(modern(url)), os.path.relpath(alembic_ini, root) + " sqlalchemy.url")
    message = "no database is known: make an engine at module level, set {}, or set sqlalchemy.url in alembic.ini"
    raise RequestError(message.format(" or ".join(ENVIRONMENT)), "database")


def engines(root: str) -> list[tuple[str, Any]]:
    """Engine objects at module level in the project's own imported modules, with where they are."""
    try:
        from sqlalchemy.engine import Engine
    except ImportError as error:
        message = "{} in {}: install it there".format(error, sys.executable)
        raise RequestError(message, "database") from error
    found = {}
    for name, module in sorted(sys.modules.items()):
        if not project_place(getattr(module, "__file__", None) or "", 1, root):
            continue
        for variable, value in vars(module).items():
            engine = getattr(value, "sync_engine", value)
            if isinstance(engine, Engine) and id(engine) not in found:
                found[id(engine)] = ("{}.{}".format(name, variable), engine)
    return list(found.values())


def alembic_url(alembic_ini: str | None) -> str | None:
    """sqlalchemy.url of alembic.ini, unless it is the template's placeholder."""
    if not alembic_ini or not os.path.isfile(alembic_ini):
        return None
    here = os.path.dirname(os.path.abspath(alembic_ini))
    parser = configparser.ConfigParser({"here": here})
    try:
        parser.read(alembic_ini, encoding="utf-8")
        url = parser.get("alembic", "sqlalchemy.url", fallback="")
    except configparser.Error:
        return None
    return url if url and "driver://" not in url else None


def modern(url: str) -> str:
    """SQLAlchemy no longer knows the scheme postgres://, hosting providers still hand it out."""
    return "postgresql://" + url[len("postgres://") :] if url.startswith("postgres://") else url
