"""The source files and rows of the little shop project that most tests open."""

from collections.abc import Callable
from pathlib import Path

WriteFiles = Callable[[dict[str, str]], Path]

DATABASE = """
    from sqlalchemy import create_engine
    from sqlalchemy.orm import DeclarativeBase

    engine = create_engine("sqlite:///shop.db")

    class Base(DeclarativeBase):
        pass
"""
USER = """
    from datetime import datetime
    from sqlalchemy import String
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    from database import Base
    from models.mixins import Stamped

    class User(Stamped, Base):
        __tablename__ = "users"

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(50))
        email: Mapped[str] = mapped_column(String(200))
        password_hash: Mapped[str] = mapped_column(String(200))
        last_login: Mapped[datetime | None]
        posts: Mapped[list["Post"]] = relationship(back_populates="author")
"""
POST = """
    from decimal import Decimal
    from sqlalchemy import ForeignKey, Index, Numeric, String, Text
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    from database import Base
    from models.mixins import Stamped

    class Post(Stamped, Base):
        __tablename__ = "posts"
        __table_args__ = (Index("ix_posts_price_title", "price", "title"),)

        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(String(200))
        body: Mapped[str] = mapped_column(Text, default="")
        price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
        author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
        author: Mapped["User"] = relationship(back_populates="posts")
"""
MIXINS = """
    from datetime import datetime
    from sqlalchemy.orm import Mapped, mapped_column

    class Stamped:
        created_at: Mapped[datetime] = mapped_column(default=datetime.now)
"""
VIEWS = """
    from sqlalchemy import select
    from models.post import Post

    def newest(session):
        return session.scalars(select(Post).order_by(Post.created_at.desc()))
"""
SHOP = {
    "database.py": DATABASE,
    "models/__init__.py": "from models.post import Post\nfrom models.user import User\n",
    "models/mixins.py": MIXINS,
    "models/user.py": USER,
    "models/post.py": POST,
    "views.py": VIEWS,
}
TABLES = """
    CREATE TABLE users (
        id INTEGER PRIMARY KEY, name TEXT, email TEXT, password_hash TEXT, last_login DATETIME,
        created_at DATETIME
    );
    CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT, price NUMERIC, author_id INTEGER,
                        created_at DATETIME);
    CREATE INDEX ix_posts_price_title ON posts (price, title);
    INSERT INTO users VALUES
        (1, 'Ada', 'ada@x', 'secret1', '2020-01-01 00:00:00.000000', '2020-01-01 00:00:00.000000'),
        (2, 'Bob', 'bob@x', 'secret2', NULL, '2020-01-02 00:00:00.000000'),
        (3, 'Cyd', 'cyd@x', 'secret3', '2999-01-01 00:00:00.000000', '2020-01-03 00:00:00.000000');
    INSERT INTO posts VALUES (1, 'Alpha', 'a', 1.50, 1, '2021-01-01 00:00:00.000000'),
                             (2, '100% true', 'b', 2.50, 1, '2021-01-02 00:00:00.000000'),
                             (3, 'a_b*c[d', 'c', NULL, 1, '2021-01-03 00:00:00.000000'),
                             (4, 'alphabet', 'd', 4, 2, '2021-01-04 00:00:00.000000');
"""
