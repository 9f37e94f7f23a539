"""A small project with Alembic, for tests of migrations: authors, their posts, two numbered revisions."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

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
import os
from pathlib import Path

from sqlalchemy import create_engine

URL = os.environ.get("DATABASE_URL", f"sqlite:///{Path(__file__).parent / 'press.db'}")
engine = create_engine(URL)
"""

ENV = """
from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool

import database
from models import Base

if context.config.config_file_name:
    fileConfig(context.config.config_file_name)

engine = create_engine(database.URL, poolclass=pool.NullPool)
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
VERSIONS = "migrations/versions"


def write_press(root: Path, files: dict[str, str] | None = None) -> Path:
    for name, text in {**FILES, **(files or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def alembic(root: Path, *command: str, url: str | None = None) -> None:
    """Run Alembic as a developer would, but without the logging that alembic.ini asks for."""
    script = (
        "import logging.config, sys; logging.config.fileConfig = lambda *a, **k: None;"
        "from alembic.config import main; main(argv=sys.argv[1:])"
    )
    environment = os.environ | ({"DATABASE_URL": url} if url else {})
    done = subprocess.run(
        [sys.executable, "-c", script, *command], cwd=root, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def change(root: Path, old: str, new: str, file: str = "models.py") -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text, old
    (root / file).write_text(text.replace(old, new), encoding="utf-8")
