"""Migrations of a project: their state, the next one as a draft, the set-up of a project that has none."""

from __future__ import annotations

import tempfile
from typing import Any, cast

from aksara_agent.errors import ProjectError

from .adapter import Adapter
from .migration_words import MigrationAnswers, MigrationDraft, MigrationState
from .project import Project
from .scan import Scan
from .squawk import squawk_notes

SET_UP_PATHS = (
    "alembic.ini",
    "migrations/README",
    "migrations/env.py",
    "migrations/script.py.mako",
    "migrations/versions/.gitkeep",
)
SECONDS = 300.0  # a scratch copy of a large database takes its time


async def migration_state(project: Project) -> MigrationState:
    """Heads, the database's revision and what is pending. Raises ProjectError."""
    return cast(MigrationState, await ask(project, "state"))


async def suggest_migration(project: Project, answers: MigrationAnswers | None = None) -> MigrationDraft:
    """The next migration, not proven and not written. Raises ProjectError."""
    return await with_squawk(await ask(project, "suggest", answers=answers or {}))


async def draft_migration(
    project: Project, answers: MigrationAnswers | None = None, *, production: bool = False
) -> MigrationDraft:
    """The next migration, proven on a scratch copy. Raises ProjectError that names the step which failed.

    `production`: a scratch database may also be made on a server that looks like production.
    """
    request = {"answers": answers or {}, "allow_production_writes": production}
    return await with_squawk(await ask(project, "create", **request))


async def with_squawk(answer: dict[str, Any]) -> MigrationDraft:
    """The draft, with the notes of squawk when it is for PostgreSQL."""
    draft = cast(MigrationDraft, answer)
    if draft["dialect"] == "postgresql":
        draft["notes"] += await squawk_notes(draft.get("sql", []))
    return draft


async def set_up_files(project: Project) -> dict[str, str]:
    """The files that would set migrations up, by path. Raises ProjectError when there are some already."""
    answer = await ask(project, "set_up")
    return cast(dict[str, str], answer["files"])


async def ask(project: Project, what: str, **request: Any) -> dict[str, Any]:
    scan = await project.scan()
    adapter = adapter_for(project, scan)
    # The folder is ours, so that nothing stays behind when the worker has to be stopped.
    with tempfile.TemporaryDirectory(prefix="aksara-agent-") as folder:
        whole = {"what": what, "folder": folder, "allow_production_writes": False, **request}
        return await adapter.migrations(scan, whole, seconds=SECONDS)


def adapter_for(project: Project, scan: Scan) -> Adapter:
    """The adapter of the framework with most models; Alembic's, where Alembic is used."""
    if scan.migrations:
        return project.adapters["sqlalchemy"]
    names = [model.summary["framework"] for model in scan.models]
    if not names:
        raise ProjectError("no models were found, so there is nothing to migrate")
    most = max(names, key=names.count)
    if most not in project.adapters:
        raise ProjectError(f"migrations of {most} projects cannot be made yet")
    return project.adapters[most]
