"""Fill the demo database: `python seed.py` migrates it to the newest revision and replaces all its rows."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import insert, make_url
from sqlalchemy.orm import Session

import settings
from database import create_database_engine
from models import Base, Category, Comment, Post, Tag, User, post_tags
from models.base import utc_now
from seed_rows import BlogRows, build_rows

DEFAULT_ROWS = 52_000
ROWS_PER_USER = 26  # one user, ten posts, fifteen comments
MINIMUM_ROWS = 2 * ROWS_PER_USER  # a user and a duplicate


def migrate(url: str) -> None:
    """Bring the database to the newest revision."""
    config = Config(Path(__file__).with_name("alembic.ini"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["configure_logging"] = False
    command.upgrade(config, "head")


def replace_rows(session: Session, rows: BlogRows) -> None:
    """Delete what the tables hold and insert these rows instead."""
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())
    session.execute(insert(User), rows.users)
    session.execute(insert(Category), rows.categories)
    session.execute(insert(Tag), rows.tags)
    session.execute(insert(Post), rows.posts)
    if rows.post_tags:
        session.execute(insert(post_tags), rows.post_tags)
    session.execute(insert(Comment), rows.comments)


def seed(url: str, rows: int = DEFAULT_ROWS, now: datetime | None = None) -> dict[str, int]:
    """Migrate and refill the database in one transaction; the number of rows by table.

    `rows` is about the number of users, posts and comments together. Raises ValueError for too few
    rows, and for a database that is not SQLite, because seeding deletes what is there.
    """
    if rows < MINIMUM_ROWS:
        raise ValueError(f"rows is {rows}; the smallest blog has {MINIMUM_ROWS}")
    backend = make_url(url).get_backend_name()
    if backend != "sqlite":
        raise ValueError(f"cannot seed a {backend} database; give a URL that starts with sqlite:///")
    users = rows // ROWS_PER_USER
    blog = build_rows(users, users * 10, users * 15, now or utc_now())
    migrate(url)
    engine = create_database_engine(url)
    try:
        with Session(engine) as session, session.begin():
            replace_rows(session, blog)
    finally:
        engine.dispose()
    return {table: len(content) for table, content in vars(blog).items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Migrate the demo database and replace all its rows.")
    parser.add_argument(
        "--rows", type=int, default=DEFAULT_ROWS, help="about how many rows (default: %(default)s)"
    )
    parser.add_argument(
        "--database", default=settings.DATABASE_URL, metavar="URL", help="default: DATABASE_URL"
    )
    options = parser.parse_args(arguments)
    try:
        counts = seed(options.database, options.rows)
    except ValueError as error:
        parser.error(str(error))
    print("Seeded " + ", ".join(f"{count} {table}" for table, count in counts.items()))


if __name__ == "__main__":
    main()
