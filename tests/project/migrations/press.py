"""A small project with Alembic, for tests of migrations: authors, their posts, two numbered revisions."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from aksara_agent.project import Project
from aksara_agent.project.migrating import draft_migration, migration_state, suggest_migration
from aksara_agent.project.migration_words import MigrationDraft, MigrationState

MODELS = """
from sqlalchemy import CheckConstraint, Enum, ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Post(Base):
    __tablename__ = "posts"
    __table_args__ = (CheckConstraint("price >= 0", name="price_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    subtitle: Mapped[str | None] = mapped_column(String(200))
    price: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(
        Enum("draft", "live", name="post_status", create_constraint=True), server_default="draft"
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
"""

DATABASE = """
from address import URL
from sqlalchemy import create_engine

engine = create_engine(URL)
"""

ENV = """
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool

from address import URL
from models import Base

if context.config.config_file_name:
    fileConfig(context.config.config_file_name)

engine = create_engine(URL, poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
"""

INI = """
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = %(here)s
path_separator = os

[loggers]
keys = root
[handlers]
keys = file
[formatters]
keys =
[logger_root]
handlers = file
[handler_file]
class = FileHandler
args = ("/nowhere/at/all.log",)
"""

TEMPLATE = '''
"""${message}"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''

FIRST = '''
"""create authors"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
    )


def downgrade() -> None:
    op.drop_table("authors")
'''

SECOND = '''
"""create posts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("subtitle", sa.String(200)),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("draft", "live", name="post_status", create_constraint=True),
            server_default="draft",
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("price >= 0", name=op.f("ck_posts_price_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name=op.f("fk_posts_author_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )


def downgrade() -> None:
    op.drop_table("posts")
    sa.Enum(name="post_status").drop(op.get_bind(), checkfirst=True)
'''

ROWS = """
    INSERT INTO authors (id, name) VALUES (1, 'Ada'), (2, 'Bob');
    INSERT INTO posts (id, title, subtitle, price, status, author_id) VALUES
        (1, 'Alpha', 'a', 1, 'draft', 1), (2, 'Beta', NULL, 2, 'live', 1), (3, 'Gamma', 'c', 3, 'live', 2);
"""

FILES = {
    "models.py": MODELS,
    "database.py": DATABASE,
    "alembic.ini": INI,
    "migrations/env.py": ENV,
    "migrations/script.py.mako": TEMPLATE,
    "migrations/versions/0001_create_authors.py": FIRST,
    "migrations/versions/0002_create_posts.py": SECOND,
}


@dataclass(frozen=True)
class Press:
    """The project of one test, on its own database."""

    root: Path
    kind: str  # sqlite or postgres
    dsn: str  # the file, or what psycopg connects to

    def change(self, old: str, new: str, file: str = "models.py") -> None:
        text = (self.root / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (self.root / file).write_text(text.replace(old, new), encoding="utf-8")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run SQL on the project's own database; the rows, if it gives some."""
        if self.kind == "sqlite":
            with closing(sqlite3.connect(self.dsn)) as connection:
                rows = connection.execute(sql).fetchall()
                connection.commit()
                return rows
        with psycopg.connect(self.dsn, autocommit=True) as other:
            cursor = other.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def alembic(self, *command: str) -> None:
        """Run Alembic as a developer would, but without the logging that alembic.ini asks for."""
        script = (
            "import logging.config, sys; logging.config.fileConfig = lambda *a, **k: None;"
            "from alembic.config import main; main(argv=sys.argv[1:])"
        )
        done = subprocess.run(
            [sys.executable, "-B", "-c", script, *command], cwd=self.root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def write(self, draft: MigrationDraft) -> None:
        """Put the file of a draft where it belongs."""
        (self.root / draft["path"]).write_text(draft["content"], encoding="utf-8")

    async def state(self) -> MigrationState:
        async with Project.open(self.root, python=sys.executable) as project:
            return await migration_state(project)

    async def suggest(self, **answers: Any) -> MigrationDraft:
        async with Project.open(self.root, python=sys.executable) as project:
            return await suggest_migration(project, answers)  # type: ignore[arg-type]

    async def draft(self, **answers: Any) -> MigrationDraft:
        async with Project.open(self.root, python=sys.executable) as project:
            return await draft_migration(project, answers)  # type: ignore[arg-type]


def write_press(root: Path, url: str) -> Path:
    for name, text in {**FILES, "address.py": f"URL = {url!r}\n"}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), encoding="utf-8")
    return root
