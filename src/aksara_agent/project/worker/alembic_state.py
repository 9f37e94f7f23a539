"""Where migrations and database stand, each fact as a sentence that says what to do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from .alembic_config import file_of, heads_of
from .alembic_environment import Taken, version_table
from .failures import RequestError
from .reflect import connect

MOST_NAMED = 5


def migration_state(loaded: Any, taken: Taken) -> dict[str, Any]:
    """`code`: at_head, behind, ahead, unstamped, empty, unreachable, several_heads or no_revisions."""
    heads = heads_of(taken.script)
    state: dict[str, Any] = {"tool": "alembic", "heads": heads, "current": [], "pending": []}
    try:
        state["current"], tables = read_database(loaded, taken)
    except (RequestError, SQLAlchemyError) as error:
        absent = "does not exist yet" in str(error)
        sentence = str(getattr(error, "orig", None) or error).strip()
        return finish(state, "empty" if absent else "unreachable", [sentence])
    return judge(state, tables, loaded, taken)


def read_database(loaded: Any, taken: Taken) -> tuple[list[str], list[str]]:
    """(revisions that the database says it is at, its other tables)."""
    from alembic.runtime.migration import MigrationContext

    options = {key: taken.options[key] for key in ("version_table", "version_table_schema") if key in taken.options}
    connection = connect(loaded.database())
    try:
        heads = MigrationContext.configure(connection, opts=options).get_current_heads()
        names = inspect(connection).get_table_names()
        return sorted(heads), sorted(set(names) - {version_table(taken)})
    finally:
        connection.close()


def judge(state: dict[str, Any], tables: list[str], loaded: Any, taken: Taken) -> dict[str, Any]:
    heads, current = state["heads"], state["current"]
    if len(heads) > 1:
        names = " and ".join(heads)
        command = 'alembic merge -m "merge heads" {}'.format(" ".join(heads))
        sentence = "There are {} heads, {}: merge them first with `{}`.".format(len(heads), names, command)
        return finish(state, "several_heads", [sentence])
    known = {revision.revision for revision in taken.script.walk_revisions()}
    strange = [revision for revision in current if revision not in known]
    if strange:
        message = (
            "The database is ahead of this code: it is at revision {}, which no file in the project has. "
            "Get the missing migration (another branch?), or stamp the database with a revision that exists."
        )
        return finish(state, "ahead", [message.format(", ".join(strange))])
    if not heads:
        sentences = ["There are no migrations yet."]
        if tables:
            message = (
                "The database has {} tables already: once the first migration is written, run `alembic stamp head`."
            )
            sentences.append(message.format(len(tables)))
        return finish(state, "no_revisions", sentences)
    if not current and tables:
        message = (
            "The database has {} tables ({}) but no revision, so it is unstamped: Alembic would create them again. "
            "If it equals the migrations, say so with `alembic stamp head`."
        )
        return finish(state, "unstamped", [message.format(len(tables), shorten(tables))])
    state["pending"] = pending(loaded, taken, current)
    if not state["pending"]:
        return finish(state, "at_head", ["The database is at head {}.".format(heads[0])])
    waiting = ["{} {}".format(item["revision"], item["message"]) for item in state["pending"]]
    start = "at {}".format(", ".join(current)) if current else "empty"
    message = "The database is {}, {} {} behind head {}: {}. Run `alembic upgrade head`."
    unit = "migration" if len(waiting) == 1 else "migrations"
    return finish(state, "behind", [message.format(start, len(waiting), unit, heads[0], shorten(waiting))])


def finish(state: dict[str, Any], code: str, sentences: list[str]) -> dict[str, Any]:
    return dict(state, code=code, sentences=sentences)


def pending(loaded: Any, taken: Taken, current: list[str]) -> list[dict[str, str]]:
    """Revisions that the database lacks, oldest first."""
    steps = taken.script.iterate_revisions("heads", tuple(current) or "base")
    return [
        {"revision": step.revision, "message": step.doc, "file": file_of(step, loaded.root)}
        for step in reversed(list(steps))
    ]


def shorten(names: list[str]) -> str:
    more = " and {} more".format(len(names) - MOST_NAMED) if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
