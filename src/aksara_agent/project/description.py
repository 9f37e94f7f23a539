"""The words for models, findings and queries. Plain dicts: what a tool returns is JSON as it stands."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Framework = Literal["sqlalchemy", "sqlmodel", "django", "aksara"]
Source = Literal["static", "live"]
UseKind = Literal["order_by", "filter", "search", "route", "lookup"]


class ModelSummary(TypedDict):
    """One model, found without importing it. `file` is relative to the project root."""

    name: str
    table: str | None
    file: str
    line: int
    framework: Framework
    fields: list[str]
    source: Source


class FieldDescription(TypedDict):
    """`indexed`: a lookup by this field alone can use an index. `hidden`: holds a secret, judged by name."""

    name: str
    column: str
    type: str
    nullable: bool
    primary_key: bool
    unique: bool
    indexed: bool
    default: str | None
    foreign_key: str | None
    file: str | None
    line: int | None
    annotation: str | None
    hidden: bool


class IndexDescription(TypedDict):
    name: str
    columns: list[str]
    unique: bool


class ConstraintDescription(TypedDict):
    kind: Literal["unique", "check", "foreign_key", "primary_key"]
    name: str | None
    columns: list[str]
    target: NotRequired[str]
    on_delete: NotRequired[str | None]
    sql: NotRequired[str]


class RelationDescription(TypedDict):
    """`secondary` is the join table of a many-to-many relation; `secondary_unique`: it forbids doubles."""

    name: str
    target: str
    direction: str
    foreign_keys: list[str]
    back_populates: str | None
    secondary: NotRequired[str]
    secondary_unique: NotRequired[bool]


class Use(TypedDict):
    """One place in the code that orders or filters by a field, or serves the model at a route."""

    model: str
    field: str
    kind: UseKind
    file: str
    line: int


class ModelDescription(TypedDict):
    """A model in full. `notes` say what is missing and why, one sentence each."""

    name: str
    table: str | None
    file: str
    line: int
    framework: Framework
    source: Source
    fields: list[FieldDescription]
    indexes: list[IndexDescription]
    constraints: list[ConstraintDescription]
    relations: list[RelationDescription]
    row_count: int | None
    used_by: list[Use]
    notes: list[str]


class Aggregate(TypedDict):
    function: Literal["count", "sum", "avg", "min", "max"]
    field: NotRequired[str]
    distinct: NotRequired[bool]


class QueryRequest(TypedDict):
    """A question about rows, as data. Filters use Django's lookup names; `limit` is at most 1000."""

    model: str
    fields: NotRequired[list[str] | None]
    filters: NotRequired[dict[str, Any] | None]
    order_by: NotRequired[list[str] | None]
    limit: NotRequired[int]
    offset: NotRequired[int]
    count: NotRequired[bool]
    aggregate: NotRequired[dict[str, Aggregate] | None]
    group_by: NotRequired[list[str] | None]


class QueryPage(TypedDict):
    """`total` counts all matching rows; `statement` is the SQL with placeholders, for people."""

    rows: list[dict[str, Any]]
    total: int
    limit: int
    offset: int
    next_offset: int | None
    statement: str
    notes: list[str]


class ChangeRequest(TypedDict):
    """A change of rows, as data. `key` or `filters` say which rows; `values` is a list to create several."""

    model: str
    action: Literal["create", "update", "delete"]
    values: NotRequired[dict[str, Any] | list[dict[str, Any]]]
    key: NotRequired[Any]
    filters: NotRequired[dict[str, Any]]
    limit: NotRequired[int]
    cascade: NotRequired[bool]


class RelatedRows(TypedDict):
    """Rows of another table that a delete takes with it, or whose reference it empties or sets to something else."""

    table: str
    action: Literal["delete", "set null", "set"]
    through: str
    count: int


class ChangePlan(TypedDict):
    """What a change would do: the first rows before and after, and a fingerprint of all of them as they stand."""

    count: int
    keys: list[dict[str, Any]]
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]
    related: list[RelatedRows]
    statement: str
    fingerprint: str | None
    notes: list[str]


class RowsUndone(TypedDict):
    """The rows that were taken back, such as "users id=3"."""

    restored: list[str]
    deleted: list[str]
    reinserted: list[str]


class Exported(TypedDict):
    """What an export wrote; `guarded` counts the cells that were kept from being formulas."""

    rows: int
    fields: list[str]
    bytes: int
    guarded: int
    notes: list[str]


class CallId(TypedDict):
    """Which call of which run, as the ledger knows it."""

    run_id: str
    call_id: str
