"""Runs the project's env.py: to learn its options, or to migrate a scratch database with it."""

from __future__ import annotations

import os
import tempfile
from typing import Any, Callable, NamedTuple

from alembic.runtime.environment import EnvironmentContext
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from .alembic_config import alembic_config, at_home, script_directory
from .alembic_redirect import redirected
from .failures import RequestError


class Taken(NamedTuple):
    """What env.py passes to context.configure, and the configuration it belongs to."""

    config: Any
    script: Any
    options: dict[str, Any]
    dialect: Any
    foreign_keys: bool  # env.py's connections enforce foreign keys on SQLite
    url: Any  # where env.py connects to; None when it gives no connection


class Told(BaseException):
    """env.py has told its options. Not an Exception, so that env.py does not catch it."""


class Environment:
    """Alembic's environment with our way of comparing; it goes on only on the database that we chose."""

    def __init__(self, config: Any, script: Any, check: Callable[[Connection], None], **options: Any) -> None:
        self.alembic, self.script, self.check = EnvironmentContext(config, script, **options), script, check
        self.foreign_keys = False
        self.url: Any = None
        self.alembic.configure = self.configure  # type: ignore[assignment,method-assign]

    def run(self) -> None:
        with self.alembic:
            self.script.run_env()

    def configure(self, connection: Any = None, **options: Any) -> None:
        """What env.py reaches as context.configure."""
        options.setdefault("compare_type", True)
        options.setdefault("compare_server_default", True)
        EnvironmentContext.configure(self.alembic, connection, **options)
        context = self.alembic.get_context()
        self.url = None if connection is None else connection.engine.url
        if context.dialect.name == "sqlite":
            context.opts["render_as_batch"] = True  # SQLite has no other way to alter a column
            self.foreign_keys = connection is not None and enforces_foreign_keys(connection)
        self.check(connection)


def enforces_foreign_keys(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())


def take_options(loaded: Any, extra: str | None = None) -> Taken:
    """Run env.py up to context.configure; its connection leads to an empty file, or may only read."""
    with at_home(loaded), tempfile.TemporaryDirectory(prefix="aksara-agent-") as folder:
        config = alembic_config(loaded)
        script = script_directory(config, extra)
        empty = os.path.join(folder, "empty.db")
        environment = Environment(config, script, lambda connection: tell(connection, empty), fn=no_steps)
        with redirected(loaded.root, lambda dialect, _, cargs, cparams: only_look(dialect, cargs, cparams, empty)):
            try:
                environment.run()
            except Told:
                context = environment.alembic.get_context()
                return Taken(config, script, context.opts, context.dialect, environment.foreign_keys, environment.url)
            except DBAPIError as error:
                message = "the database cannot be reached: {}"
                raise RequestError(message.format(str(error.orig).strip()), "database") from error
    raise RequestError("{} never calls context.configure()".format(script.env_py_location))


def version_table(taken: Taken) -> str:
    return str(taken.options.get("version_table") or "alembic_version")


def no_steps(revision: Any, context: Any) -> list[Any]:
    return []


def tell(connection: Any, empty: str) -> None:
    """End env.py, which must not have reached a SQLite file of the project."""
    if connection is not None and connection.dialect.name == "sqlite":
        refuse_other_file(connection, empty)
    raise Told


def refuse_other_file(connection: Any, path: str) -> None:
    """RequestError when env.py reached another SQLite file than the one that it was led to."""
    found = connection.exec_driver_sql("PRAGMA database_list").fetchone()[2]
    if os.path.realpath(found) != os.path.realpath(path):
        message = "env.py makes its connection in a way that cannot be led to a scratch copy (creator=?)"
        raise RequestError(message, "database")


def only_look(dialect: Any, cargs: Any, cparams: Any, empty: str) -> None:
    if dialect.name == "sqlite":
        cargs[:1] = [empty]
    elif dialect.driver == "asyncpg":
        settings = dict(cparams.get("server_settings") or {}, default_transaction_read_only="on")
        cparams["server_settings"] = settings
    elif dialect.name == "postgresql" and dialect.driver in ("psycopg", "psycopg2", "psycopg_async"):
        cparams["options"] = (cparams.get("options", "") + " -c default_transaction_read_only=on").strip()


def migrate(loaded: Any, script: Any, scratch: Any, revision: str, *, down: bool = False) -> None:
    """Upgrade or downgrade the scratch database through env.py, as `alembic upgrade` would."""

    def steps(current: Any, context: Any) -> Any:
        return script._downgrade_revs(revision, current) if down else script._upgrade_revs(revision, current)

    with at_home(loaded), redirected(loaded.root, scratch.redirect):
        config = alembic_config(loaded)
        Environment(config, script, scratch.check, fn=steps, destination_rev=revision, as_sql=False).run()
