"""Fields that the offline model adds: read from the task, written like their neighbours."""

from __future__ import annotations

import ast

import pytest

from aksara_agent.models.offline.edit_model import NoStyle, add_field
from aksara_agent.models.offline.new_field import NewField, field_in

MAPPED = '''"""Users."""

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)

    posts: Mapped[list["Post"]] = relationship(back_populates="author")
'''
CLASSIC = """import sqlalchemy as sa

class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)
    def greet(self): ...
"""
SQLMODEL = """from typing import Optional
from sqlmodel import Field, SQLModel

class User(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
"""


@pytest.mark.parametrize(
    ("task", "field"),
    [
        ("Add a slug field to Post", NewField("slug", "str", unique=True)),
        ("Add a phone field to User", NewField("phone", "str")),
        ("add an integer field views to the Post model", NewField("views", "int")),
        ("Add a boolean column named is_pinned to Post", NewField("is_pinned", "bool")),
        ("Add a published_at field to Post", NewField("published_at", "datetime")),
        ("Add a new text column 'bio' to User", NewField("bio", "text")),
        ("Add a price field to Product", NewField("price", "decimal")),
        ("Add a field to Post", None),
    ],
)
def test_a_task_names_the_field_and_its_type(task: str, field: NewField | None) -> None:
    assert field_in(task) == field


@pytest.mark.parametrize(
    ("source", "field", "lines"),
    [
        (
            MAPPED,
            NewField("phone", "str"),
            ["from sqlalchemy import Integer, String", "    phone: Mapped[str | None] = mapped_column(String(30))"],
        ),
        (
            MAPPED,
            NewField("seen_at", "datetime"),
            ["from datetime import datetime", "    seen_at: Mapped[datetime | None]"],
        ),
        (CLASSIC, NewField("slug", "str", unique=True), ["    slug = sa.Column(sa.String(200), unique=True)"]),
        (SQLMODEL, NewField("phone", "str"), ["    phone: Optional[str] = Field(default=None, max_length=30)"]),
    ],
)
def test_a_column_is_written_in_the_style_of_its_neighbours(source: str, field: NewField, lines: list[str]) -> None:
    edited, line = add_field(source, "User", field)
    ast.parse(edited)
    assert [text for text in lines if text not in edited.splitlines()] == []
    assert edited.splitlines()[line - 1] == lines[-1]
    kept = [text for text in source.splitlines() if not text.startswith("from sqlalchemy import")]
    assert [text for text in kept if text not in edited.splitlines()] == []


def test_relationships_stay_below_the_new_column() -> None:
    edited, _ = add_field(MAPPED, "User", NewField("phone", "str"))
    assert edited.index("phone:") < edited.index("posts:")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (MAPPED, "already has id"),
        ("class Person:\n    pass\n", "no class User"),
        ("class User(Model):\n    id = fields.Int()\n", "no rule for how the columns of User are written"),
    ],
)
def test_what_no_rule_covers_is_said(source: str, words: str) -> None:
    with pytest.raises(NoStyle, match=words):
        add_field(source, "User", NewField("id", "int"))
