"""What the worker can be asked about migrations of a project with Alembic."""

from __future__ import annotations

import contextlib
import os
from typing import Any, Callable, Iterator

from alembic.util import CommandError

from .alembic_draft import Draft
from .alembic_environment import Taken, migrate, take_options
from .alembic_metadata import refuse_half_imported
from .alembic_proof import head_before, not_proven, prove
from .alembic_state import migration_state
from .database import Database
from .failures import RequestError
from .reflect import connect
from .scratch import NoScratch, empty_scratch

BLOCKED = ("several_heads", "ahead", "unstamped", "unreachable")


def read_state(loaded: Any, request: dict[str, Any]) -> dict[str, Any]:
    refuse_half_imported(loaded)
    taken = take_options(loaded)
    with database_of(loaded, taken):
        return migration_state(loaded, taken)


def suggest(loaded: Any, request: dict[str, Any]) -> dict[str, Any]:
    """State, operations, questions, and the file that create_migration would write."""
    draft, answer = new_draft(loaded, request)
    with database_of(loaded, draft.taken):
        fill_in(loaded, request, draft, answer)
        if "content" in answer:
            with contextlib.suppress(Exception):  # tables changed by hand are not in the empty database
                answer["sql"] = rehearse(loaded, draft, request) or answer["sql"]
    return answer


def create(loaded: Any, request: dict[str, Any]) -> dict[str, Any]:
    """`suggest`, and the proof on a scratch copy. RequestError when a step of it fails."""
    draft, answer = new_draft(loaded, request)
    with database_of(loaded, draft.taken):
        fill_in(loaded, request, draft, answer)
        if "content" not in answer:
            return answer
        try:
            answer["proof"] = prove(loaded, draft, answer["state"], request)
            answer["sql"] = answer["proof"].pop("sql") or answer["sql"]
        except NoScratch as error:
            answer["proof"] = not_proven(str(error))
    return answer


def new_draft(loaded: Any, request: dict[str, Any]) -> tuple[Draft, dict[str, Any]]:
    refuse_half_imported(loaded)
    versions = os.path.join(request["folder"], "versions")
    os.makedirs(versions, exist_ok=True)
    draft = Draft(take_options(loaded, versions), request.get("answers") or {}, versions)
    answer = {"operations": [], "questions": [], "notes": list(loaded.notes), "dialect": draft.taken.dialect.name}
    return draft, answer


def fill_in(loaded: Any, request: dict[str, Any], draft: Draft, answer: dict[str, Any]) -> None:
    """State, operations and questions; and the file, when nothing stands against it."""
    state = answer["state"] = migration_state(loaded, draft.taken)
    if state["code"] in BLOCKED:
        return
    with compared(loaded, draft.taken, state, request) as (connection, rows):
        draft.compare(connection, rows)
        answer["operations"], answer["questions"] = draft.operations, draft.questions
        if draft.operations and not draft.questions:
            draft.write()
            with open(draft.script.path, encoding="utf-8") as file:
                answer["content"] = file.read()
            answer.update(path=draft.path(loaded.root), revision=draft.script.revision)
            answer["sql"] = [item["sql"] for item in draft.operations if item["sql"]]


@contextlib.contextmanager
def database_of(loaded: Any, taken: Taken) -> Iterator[None]:
    """Migrations are about the database that env.py connects to, wherever the models' own engine leads."""
    before = loaded._database
    if taken.url is not None:
        loaded._database = Database(taken.url, "env.py")
    try:
        yield
    finally:
        loaded._database = before


@contextlib.contextmanager
def compared(loaded: Any, taken: Taken, state: dict[str, Any], request: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """(what to compare the models with, where to ask for rows): the database itself when it is at head."""
    with contextlib.ExitStack() as stack:
        rows = None if state["code"] == "empty" else stack.enter_context(connect(loaded.database()))
        if state["code"] == "at_head":
            yield rows, rows
            return
        scratch = stack.enter_context(empty_scratch(loaded, request))
        if state["heads"]:
            migrate(loaded, taken.script, scratch, head_before(taken.script))
        yield stack.enter_context(scratch.connect()), rows


def rehearse(loaded: Any, draft: Draft, request: dict[str, Any]) -> list[str]:
    """The SQL of the whole migration, from running it on an empty scratch database (SQLite)."""
    from .alembic_redirect import recorded

    if not loaded.database().is_sqlite:
        return []
    sql: list[str] = []
    with empty_scratch(loaded, request) as scratch:
        migrate(loaded, draft.taken.script, scratch, draft.script.down_revision or "base")
        with recorded(sql):
            migrate(loaded, draft.taken.script, scratch, draft.script.revision)
    return sql


QUESTIONS: dict[str, Callable[[Any, dict[str, Any]], dict[str, Any]]] = {
    "state": read_state,
    "suggest": suggest,
    "create": create,
}


def answer_migrations(loaded: Any, request: dict[str, Any]) -> dict[str, Any]:
    """RequestError also for Alembic's own complaints."""
    try:
        return QUESTIONS[request["what"]](loaded, request)
    except CommandError as error:
        raise RequestError("Alembic: {}".format(error)) from error
