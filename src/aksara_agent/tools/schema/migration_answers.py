"""The arguments that both migration tools take: answers to what a migration must not guess."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import Field

from aksara_agent.project.migration_words import MigrationAnswers

Renames = Annotated[dict[str, str] | None, Field(description="Columns that were renamed: {'posts.title': 'headline'}.")]
Drop = Annotated[
    list[str] | None, Field(description="Columns and tables that may be dropped with their values: ['posts.title'].")
]
Values = Annotated[
    dict[str, Any] | None,
    Field(description="What rows that exist get in a new NOT NULL column: {'posts.slug': ''}."),
]
Message = Annotated[
    str | None, Field(description="A name for the migration, e.g. 'add post slug'; made from the changes otherwise.")
]


def answers_from(arguments: dict[str, Any]) -> MigrationAnswers:
    """Only the answers, and only those that were given."""
    given = {key: arguments.get(key) for key in ("renames", "drop", "values", "message")}
    return cast(MigrationAnswers, {key: value for key, value in given.items() if value is not None})
