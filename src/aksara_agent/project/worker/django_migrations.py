"""What the migrations of a Django project say: not applied, not written, in conflict."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from django.apps import apps
from django.db import Error
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.exceptions import BadMigrationError, NodeNotFoundError
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

MOST_NAMES = 5


class Written(NamedTuple):
    """The migrations as the files say; they cannot change while this worker lives."""

    loader: Any
    conflicts: dict[str, Any]
    changes: dict[str, list[str]]  # what no migration makes yet, by app
    problem: str = ""


def migration_notes(connection: Any, labels: list[str]) -> list[str]:
    """Sentences about these apps; empty when models, migrations and database agree."""
    written = read_migrations()
    if written.problem:
        return [written.problem]
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
    except Error as error:
        return ["the table of applied migrations could not be read: {}".format(error)]
    return [note for label in labels for note in notes_of(label, written, applied)]


def notes_of(label: str, written: Written, applied: set[tuple[str, str]]) -> list[str]:
    if label in written.loader.unmigrated_apps:
        return ["app {0} has no migrations; run python manage.py makemigrations {0}".format(label)]
    notes = []
    nodes = written.loader.graph.nodes.items()
    waiting = sorted(name for (app, name), item in nodes if app == label and not is_applied(app, name, item, applied))
    if waiting:
        message = "migrations of {} are not applied: {}; run python manage.py migrate"
        notes.append(message.format(label, shorten(waiting)))
    if label in written.conflicts:
        message = "app {} has several latest migrations: {}; run python manage.py makemigrations --merge"
        notes.append(message.format(label, ", ".join(sorted(written.conflicts[label]))))
    if label in written.changes:
        message = "the models of {} have changes without a migration: {}; run python manage.py makemigrations"
        notes.append(message.format(label, shorten(written.changes[label])))
    return notes


def is_applied(app: str, name: str, migration: Any, applied: set[tuple[str, str]]) -> bool:
    """A squashed migration counts when all that it replaces are applied."""
    replaced = [tuple(item) for item in migration.replaces]
    return (app, name) in applied or (bool(replaced) and set(replaced) <= applied)


@functools.lru_cache(maxsize=1)
def read_migrations() -> Written:
    try:
        loader = MigrationLoader(None, ignore_no_migrations=True)
    except (BadMigrationError, NodeNotFoundError, ImportError, SyntaxError) as error:
        message = "the migrations could not be read: {}: {}"
        return Written(None, {}, {}, message.format(type(error).__name__, error))
    conflicts = loader.detect_conflicts()
    if conflicts:
        return Written(loader, conflicts, {})  # with two latest states there is nothing to compare with
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = {
        label: [operation.describe() for migration in migrations for operation in migration.operations]
        for label, migrations in detector.changes(graph=loader.graph).items()
    }
    return Written(loader, {}, changes)


def shorten(names: list[str]) -> str:
    more = " and {} more".format(len(names) - MOST_NAMES) if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
