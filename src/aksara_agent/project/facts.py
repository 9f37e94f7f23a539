"""What one source file says about models, before anything is resolved across files."""

from __future__ import annotations

from dataclasses import dataclass, field

from .description import UseKind


@dataclass(slots=True)
class FieldFacts:
    """A field as written. None means the source does not say."""

    name: str
    line: int
    type: str
    column: str
    annotation: str | None = None
    nullable: bool | None = None
    primary_key: bool = False
    unique: bool = False
    indexed: bool = False
    default: str | None = None
    foreign_key: str | None = None
    sensitive: bool = False  # Aksara's ai_sensitive
    is_column: bool = False  # written with Column(...), mapped_column(...), a framework field, or Mapped[...]


@dataclass(slots=True)
class RelationFacts:
    name: str
    line: int
    target: str


@dataclass(slots=True)
class ClassFacts:
    """A class with dotted names for bases and decorators, as written in its file."""

    name: str
    line: int
    bases: list[str]
    decorators: list[str]
    is_table: bool  # SQLModel's table=True
    abstract: bool
    table: str | None = None
    names_table: bool = False  # a __tablename__ or __table__ of any form
    proxy: bool = False  # Django's Meta.proxy
    label: str | None = None  # Django's Meta.app_label, or the label of an AppConfig
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # those of its file
    fields: list[FieldFacts] = field(default_factory=list)
    relations: list[RelationFacts] = field(default_factory=list)


@dataclass(slots=True)
class EngineFacts:
    """An engine made at module level; `url` only when the source spells it out."""

    name: str
    file: str
    line: int
    url: str | None


@dataclass(slots=True)
class UseFacts:
    """`owner` is the dotted name before the field, or the name given to query()/select()."""

    owner: str
    field: str
    kind: UseKind
    line: int


@dataclass(slots=True)
class FileFacts:
    """Everything kept of one file; syntax trees are thrown away."""

    path: str
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    star_imports: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    strings: dict[str, str] = field(default_factory=dict)
    classes: dict[str, ClassFacts] = field(default_factory=dict)
    engines: list[EngineFacts] = field(default_factory=list)
    uses: list[UseFacts] = field(default_factory=list)
    problem: str | None = None
