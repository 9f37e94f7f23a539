"""The words for migrations. Plain dicts: what a tool returns is JSON as it stands."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

StateCode = Literal["at_head", "behind", "ahead", "unstamped", "empty", "unreachable", "several_heads", "no_revisions"]


class PendingRevision(TypedDict):
    """A migration that is written but not applied to the database."""

    revision: str
    message: str
    file: str


class MigrationState(TypedDict):
    """Where migrations and database stand; `sentences` say it for people, with what to do."""

    tool: str
    code: StateCode
    heads: list[str]
    current: list[str]
    pending: list[PendingRevision]
    sentences: list[str]


class MigrationOperation(TypedDict):
    """One step of a migration. `sql` is None where the database has to see the table first (SQLite)."""

    kind: str
    table: str | None
    column: str | None
    name: str | None
    sql: str | None
    destructive: bool
    locking: str | None
    notes: list[str]


class MigrationQuestion(TypedDict):
    """What a migration must not guess. `about` is the key of the answer, e.g. "posts.title"."""

    about: str
    candidates: list[str]
    question: str


class MigrationAnswers(TypedDict, total=False):
    """`renames` {"posts.title": "headline"}, `drop` ["posts.title"], `values` {"posts.slug": ""}, and a name."""

    renames: dict[str, str]
    drop: list[str]
    values: dict[str, Any]
    message: str | None


class MigrationProof(TypedDict):
    """The steps that passed on a scratch copy; `why` says why there are none."""

    proven: bool
    rows: str
    steps: list[str]
    why: NotRequired[str]


class MigrationDraft(TypedDict):
    """The next migration. `path` and `content` are there once something changed and no question is open."""

    state: MigrationState
    dialect: str
    operations: list[MigrationOperation]
    questions: list[MigrationQuestion]
    notes: list[str]
    sql: NotRequired[list[str]]
    path: NotRequired[str]
    content: NotRequired[str]
    revision: NotRequired[str]
    proof: NotRequired[MigrationProof]
