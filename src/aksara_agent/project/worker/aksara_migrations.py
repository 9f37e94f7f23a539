"""What the migrations of an Aksara project say: not applied, edited, in conflict, or behind a model."""

from __future__ import annotations

import functools
import hashlib
import pathlib
import tempfile
from typing import Any

from aksara.conf import settings
from aksara.migrations import autodetector, executor

from .aksara_advice import FILE, what_to_do
from .aksara_catalog import Live

MOST_NAMES = 5


def migration_notes(model: Any, live: Live, loaded: Any) -> list[str]:
    """Sentences about the project's migrations and this model; empty when all agree."""
    folder = pathlib.Path(settings.migrations_dir)
    files = executor.discover_migrations(folder)
    if not files:
        return ["there are no migrations in {}; run aksara makemigrations".format(folder)]
    try:
        graph = executor.build_migration_graph(migrations_list=files)
    except ValueError as error:
        return ["the migrations could not be read: {}".format(error)]
    notes = state_notes(files, graph, live)
    if loaded.failures:
        message = (
            "changes without a migration are not known: {} could not be imported. Do not run aksara makemigrations "
            "now, it would drop the tables of its models"
        )
        return [*notes, message.format(", ".join(sorted({item["module"] for item in loaded.failures})))]
    return notes + changes(model, files)


def state_notes(files: list[Any], graph: Any, live: Live) -> list[str]:
    notes = []
    waiting = [name for name, _ in files if name not in live.applied]
    if waiting:
        notes.append("migrations are not applied: {}; run aksara migrate".format(shorten(waiting)))
    for heads in executor.check_migration_conflicts(graph, list(live.applied)).values():
        message = "there are several latest migrations: {}; run aksara makemigrations --merge"
        notes.append(message.format(", ".join(sorted(head.name for head in heads))))
    for name, path in files:
        if live.applied.get(name) not in (None, checksum(path)):
            message = "migration {} was edited after it was applied: aksara migrate refuses to run; restore the file"
            notes.append(message.format(name))
    return notes


def checksum(path: pathlib.Path) -> str:
    """As Aksara records it."""
    data = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(data).hexdigest()[:16]


def changes(model: Any, files: list[Any]) -> list[str]:
    """What the table's migrations lack.

    A field counts as changed when it differs from the model, as makemigrations compares, and from the migration that
    Aksara would write for the model today: the first alone sees changes in an enum's default or a one-to-one key that
    are none, the second alone in defaults that Aksara does not write.
    """
    table = model.__tablename__
    written = autodetector.build_state_from_migrations(files)
    try:
        rewritten = autodetector.diff_states(written, state_of(model))
    except ImportError as error:
        return ["the migration that Aksara writes for {} does not work: {}".format(model.__name__, error)]
    found = autodetector.diff_states(written, autodetector.build_state_from_models({model.__name__: model}))
    changed = [name for name in found.altered_fields.get(table, []) if name in rewritten.altered_fields.get(table, [])]
    parts = ["table {} is new".format(table)] if table in found.new_tables else []
    for verb, names in (
        ("new", found.added_fields.get(table)),
        ("removed", found.removed_fields.get(table)),
        ("changed", changed),
    ):
        parts += ["{}: {}".format(verb, ", ".join(names))] if names else []
    if not parts:
        return []
    message = "{} has changes without a migration ({}); {}"
    return [message.format(model.__name__, "; ".join(parts), what_to_do(model, changed, files))]


@functools.lru_cache(maxsize=None)
def state_of(model: Any) -> Any:
    """The state after the migration that Aksara would write for this model alone. ImportError when it is broken."""
    code = autodetector.operations_to_code([autodetector.model_to_create_table_operation(model)])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "aksara_agent_state.py")
        path.write_text(FILE.format(code), encoding="utf-8")
        executor.load_migration_module(path)
        return autodetector.build_state_from_migrations([("state", path)])


def shorten(names: list[str]) -> str:
    more = " and {} more".format(len(names) - MOST_NAMES) if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
