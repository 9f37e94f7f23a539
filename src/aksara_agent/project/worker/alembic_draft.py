"""Makes the next revision from the difference between models and database, in a folder outside the project."""

from __future__ import annotations

import os
from typing import Any

from alembic.autogenerate.api import RevisionContext
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

from .alembic_checks import check_operations
from .alembic_config import heads_of, next_number
from .alembic_enum_types import add_enum_types
from .alembic_enums import enum_changes
from .alembic_environment import Taken
from .alembic_message import message_for
from .alembic_metadata import compared_tables, declared_tables, metadatas, model_names, refuse_missing_models
from .alembic_not_null import fills, plan_fills, value_questions
from .alembic_operations import describe_operations
from .alembic_renames import apply_renames, dropped_tables, groups, questions, table_name


class Draft:
    """One attempt; `questions` is empty once the answers are complete."""

    def __init__(self, taken: Taken, answers: dict[str, Any], folder: str) -> None:
        self.taken, self.folder = taken, folder
        self.renames: dict[str, str] = answers.get("renames") or {}
        self.drop: list[str] = answers.get("drop") or []
        self.values: dict[str, Any] = answers.get("values") or {}
        self.message: str | None = answers.get("message")
        self.operations: list[dict[str, Any]] = []
        self.questions: list[dict[str, Any]] = []
        self.script: Any = None
        self.context: Any = None

    def compare(self, connection: Any, rows: Any) -> None:
        """Compare the models with `connection`; `rows` is the connection to ask whether tables are filled."""
        metadatas(self.taken.options)
        self.rows = rows
        self.context = RevisionContext(
            self.taken.config, self.taken.script, self.command(), process_revision_directives=self.complete
        )
        options = dict(self.taken.options, as_sql=False)
        context = MigrationContext.configure(connection=connection, opts=options)
        self.context.run_autogenerate(tuple(heads_of(self.taken.script)), context)
        scripts = self.context.generated_revisions
        if scripts:
            self.operations = describe_operations(scripts[0].upgrade_ops, connection.dialect)

    def command(self) -> dict[str, Any]:
        """The options of `alembic revision`."""
        given = {"rev_id": next_number(self.taken.script), "version_path": self.folder, "head": "head"}
        unused = ("message", "sql", "splice", "branch_label", "depends_on")
        return dict(given, autogenerate=True, **dict.fromkeys(unused))

    def complete(self, context: Any, revision: Any, scripts: list[Any]) -> None:
        """What Alembic does not see, and what it cannot know without asking. Called by Alembic."""
        script, connection = scripts[0], context.connection
        options = self.taken.options
        add_checks(script.upgrade_ops, options, connection)
        refuse_missing_models(dropped_tables(script.upgrade_ops), options)
        script.upgrade_ops.reverse_into(script.downgrade_ops)
        self.questions = questions(script.upgrade_ops, connection.dialect, self.renames, self.drop)
        self.rename(script)
        found = fills(script.upgrade_ops, declared_tables(options), self.rows, self.values, self.renames)
        self.questions += value_questions(found, self.questions)
        changes = [item for metadata in metadatas(options) for item in enum_changes(metadata, connection)]
        names = [change.name for change in changes]
        script.message = self.message or message_for(script.upgrade_ops, model_names(), names)
        plan_fills(script.upgrade_ops, found, connection.dialect)
        add_enum_types(script, metadatas(options), connection)
        for change in changes:
            script.upgrade_ops.ops[:0] = change.upgrade()
            script.downgrade_ops.ops += change.downgrade()

    def rename(self, script: Any) -> None:
        apply_renames(script.upgrade_ops, self.renames)
        back = {
            "{}.{}".format(old.rpartition(".")[0], new): old.rpartition(".")[2] for old, new in self.renames.items()
        }
        apply_renames(script.downgrade_ops, back)

    def write(self) -> None:
        """Let Alembic write the file into our folder, with the project's template and hooks."""
        self.script = next(iter(self.context.generate_scripts()))

    def path(self, root: str) -> str:
        """Where the file belongs, relative to the project."""
        place = os.path.join(
            versions_folder(self.taken.script, self.folder), os.path.relpath(self.script.path, self.folder)
        )
        return os.path.relpath(os.path.realpath(place), os.path.realpath(root)).replace(os.sep, "/")


def add_checks(container: Any, options: dict[str, Any], connection: Any) -> None:
    """CHECK constraints of tables that exist on both sides."""
    from sqlalchemy import inspect

    existing = inspect(connection)
    for table in compared_tables(options):
        if not existing.has_table(table.name, schema=table.schema):
            continue
        changes = check_operations(table, connection, table.schema)
        if not changes:
            continue
        group = next((item for item in groups(container) if table_name(item) == table.fullname), None)
        if group is None:
            group = ops.ModifyTableOps(table.name, [], schema=table.schema)
            container.ops.append(group)
        dropped = [item for item in changes if isinstance(item, ops.DropConstraintOp)]
        group.ops[:] = [*dropped, *group.ops, *(item for item in changes if item not in dropped)]


def versions_folder(script: Any, extra: str) -> str:
    """The project's folder of revisions; with several, the one that the head is in."""
    places = [str(place) for place in script.version_locations if str(place) != extra]
    if len(places) == 1:
        return places[0]
    heads = [revision for revision in map(script.get_revision, script.get_heads()) if revision]
    own = [os.path.dirname(str(revision.path)) for revision in heads if not str(revision.path).startswith(extra)]
    if own:
        return own[0]
    return places[0]
