"""Proves a migration on a scratch copy: up, no drift left, rows kept, down, up again."""

from __future__ import annotations

import contextlib
import re
from typing import Any, Iterator

from sqlalchemy.exc import DBAPIError

from .alembic_config import heads_of
from .alembic_draft import Draft
from .alembic_environment import migrate, version_table
from .alembic_redirect import forget_connections, recorded
from .failures import RequestError
from .row_marks import checks_lost, differences, lost, references, row_marks, shape
from .scratch import empty_scratch
from .scratch_sqlite import SqliteScratch

REBUILT = re.compile(r'RENAME TO "?(\w+)"?$')


@contextlib.contextmanager
def step(name: str, done: list[str]) -> Iterator[None]:
    """Whatever fails inside is told with the name of the step."""
    try:
        yield
    except Exception as error:
        cause = str(getattr(error, "orig", None) or error).strip()
        kind = "" if isinstance(error, (RequestError, DBAPIError)) else type(error).__name__ + ": "
        message = "the migration failed on a scratch copy, at the step '{}': {}{}; nothing was written"
        raise RequestError(message.format(name, kind, cause)) from error
    done.append(name)


@contextlib.contextmanager
def filled_scratch(
    loaded: Any, draft: Draft, state: dict[str, Any], request: dict[str, Any]
) -> Iterator[tuple[Any, str]]:
    """(scratch database at the project's own revision, which rows it holds)."""
    if state["code"] in ("empty", "no_revisions"):
        with empty_scratch(loaded, request) as scratch:
            yield scratch, "without rows: no migration has been applied to the database yet"
        return
    database = loaded.database()
    if database.is_sqlite:
        yield SqliteScratch(request["folder"], database.sqlite_path()), "with all rows"
        return
    forget_connections(loaded.root)  # the server copies a database only while nobody is connected to it
    with empty_scratch(loaded, request) as scratch:
        yield scratch, fill_postgres(loaded, draft, state, scratch)


def fill_postgres(loaded: Any, draft: Draft, state: dict[str, Any], scratch: Any) -> str:
    if scratch.fill_from_template():
        return "with all rows"
    for revision in state["current"]:
        migrate(loaded, draft.taken.script, scratch, revision)
    try:
        scratch.copy_rows()
        return "with all rows, in tables made by the migrations"
    except (RequestError, DBAPIError) as error:
        return "without rows: {}".format(str(getattr(error, "orig", None) or error).strip())


def prove(loaded: Any, draft: Draft, state: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """The steps that passed and the SQL that ran. RequestError names the step that failed."""
    script = draft.taken.script
    done: list[str] = []
    sql: list[str] = []
    new = draft.script.revision
    old = draft.script.down_revision or "base"
    with filled_scratch(loaded, draft, state, request) as (scratch, rows):
        if state["code"] in ("behind", "empty") and old != "base":
            with step("upgrade the copy to {}".format(old), done):
                migrate(loaded, script, scratch, old)
        before, shape_before = look(draft, scratch)
        with step("upgrade to {}".format(new), done), recorded(sql):
            migrate(loaded, script, scratch, new)
        with step("no drift is left", done):
            refuse_drift(draft, scratch)
        with step("rows are kept", done):
            refuse_cascade(draft, scratch, sql)
            after, shape_after = look(draft, scratch)
            refuse(lost(before, after, draft.operations))
            refuse(checks_lost(shape_before, shape_after))
        with step("downgrade to {}".format(old), done):
            migrate(loaded, script, scratch, old, down=True)
        with step("the downgrade leads back", done):
            after, shape_after = look(draft, scratch)
            refuse(["{} differ".format(item) for item in differences(shape_before, shape_after)])
            refuse(lost(counts(before, draft.operations), after, []))
        with step("upgrade to {} again".format(new), done):
            migrate(loaded, script, scratch, new)
    return {"proven": True, "rows": rows, "steps": done, "sql": sql}


def look(draft: Draft, scratch: Any) -> tuple[Any, Any]:
    own = version_table(draft.taken)
    with scratch.connect() as connection:
        return row_marks(connection, own), shape(connection, own)


def counts(marks: dict[str, Any], operations: list[dict[str, Any]]) -> dict[str, Any]:
    """The numbers of rows alone, of the tables that are not dropped."""
    dropped = {item["table"] for item in operations if item["kind"] == "drop_table"}
    return {table: {"rows": mark["rows"], "columns": {}} for table, mark in marks.items() if table not in dropped}


def refuse(problems: list[str]) -> None:
    if problems:
        raise RequestError("; ".join(problems))


def refuse_drift(draft: Draft, scratch: Any) -> None:
    again = Draft(draft.taken, {}, draft.folder)
    with scratch.connect() as connection:
        again.compare(connection, connection)
    refuse(["{kind} {table} {name}".format(**item).strip() for item in again.operations])


def refuse_cascade(draft: Draft, scratch: Any, sql: list[str]) -> None:
    """Rebuilding a table drops the old one, and with foreign keys enforced the rows that refer to it go too."""
    if not draft.taken.foreign_keys:
        return
    rebuilt = [found.group(1) for found in map(REBUILT.search, sql) if found and "_alembic_tmp_" in found.string]
    with scratch.connect() as connection:
        for table in rebuilt:
            others = references(connection, table)
            if others:
                message = (
                    "env.py connects with PRAGMA foreign_keys=ON, and rebuilding {} would delete or change the rows of "
                    "{} that refer to it: let env.py use an engine of its own without that PRAGMA, "
                    "for example create_engine(url, poolclass=NullPool)"
                )
                raise RequestError(message.format(table, ", ".join(others)))


def not_proven(reason: str) -> dict[str, Any]:
    return {"proven": False, "rows": "", "steps": [], "why": reason}


def head_before(script: Any) -> str:
    heads = heads_of(script)
    return heads[0] if heads else "base"
