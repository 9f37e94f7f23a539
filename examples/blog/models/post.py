"""An article in the blog."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Enum, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, utc_now
from .tag import Tag, post_tags

if TYPE_CHECKING:
    from .category import Category
    from .comment import Comment
    from .user import User


class PostStatus(StrEnum):
    """Where a post is on its way to the reader."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


# Stored as text, so that a new status needs no migration.
status_type = Enum(
    PostStatus, native_enum=False, length=20, values_callable=lambda statuses: [s.value for s in statuses]
)


class Post(Base):
    """A post by one author, in at most one category, with any number of tags."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[PostStatus] = mapped_column(status_type, default=PostStatus.DRAFT)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    author: Mapped["User"] = relationship(back_populates="posts")
    category: Mapped["Category | None"] = relationship(back_populates="posts")
    comments: Mapped[list["Comment"]] = relationship(
        back_populates="post",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Comment.created_at",
    )
    tags: Mapped[list[Tag]] = relationship(secondary=post_tags, back_populates="posts", order_by=Tag.name)

    def __repr__(self) -> str:
        return f"<Post {self.id} {self.title!r}>"
