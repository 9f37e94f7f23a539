"""The JSON of posts."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from models import Post, PostStatus

TagName = Annotated[str, Field(min_length=1, max_length=50)]


class PostCreate(BaseModel):
    """What an author fills in; tags that do not exist yet are created."""

    title: str = Field(min_length=1, max_length=200)
    body: str = Field(min_length=1)
    status: PostStatus = PostStatus.DRAFT
    category_id: int | None = None
    tags: list[TagName] = []


class PostUpdate(BaseModel):
    """What an author may change later."""

    title: str | None = Field(default=None, min_length=1, max_length=200)
    body: str | None = Field(default=None, min_length=1)
    status: PostStatus | None = None


class PostSummary(BaseModel):
    """A post as the front page shows it."""

    id: int
    title: str
    author: str
    category: str | None
    tags: list[str]
    comment_count: int
    created_at: datetime


class PostPage(BaseModel):
    """One page of posts, and how many there are on all pages."""

    items: list[PostSummary]
    total: int


class PostRead(BaseModel):
    """A post with its text."""

    id: int
    title: str
    body: str
    status: PostStatus
    author_id: int
    author: str
    category: str | None
    tags: list[str]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_post(cls, post: Post) -> "PostRead":
        """The JSON of one post, with the names of what it refers to."""
        return cls(
            id=post.id,
            title=post.title,
            body=post.body,
            status=post.status,
            author_id=post.author_id,
            author=post.author.name,
            category=post.category.name if post.category else None,
            tags=[tag.name for tag in post.tags],
            created_at=post.created_at,
            updated_at=post.updated_at,
        )


class SearchHit(BaseModel):
    """A post that fits a search."""

    id: int
    title: str
    created_at: datetime
