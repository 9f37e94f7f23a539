"""Endpoints for posts: read for everybody, write for their authors."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Category, Post, PostStatus, Tag, User
from serializers.post import PostCreate, PostPage, PostRead, PostSummary, PostUpdate

from .dependencies import CurrentUser, DatabaseSession


class PostViewSet:
    """The endpoints under /posts."""

    def __init__(self) -> None:
        self.router = APIRouter(prefix="/posts", tags=["posts"])
        self.router.add_api_route("", self.list, methods=["GET"])
        self.router.add_api_route("", self.create, methods=["POST"], status_code=201)
        self.router.add_api_route("/{post_id}", self.retrieve, methods=["GET"])
        self.router.add_api_route("/{post_id}", self.update, methods=["PATCH"])
        self.router.add_api_route("/{post_id}", self.delete, methods=["DELETE"], status_code=204)

    def list(
        self,
        session: DatabaseSession,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> PostPage:
        """Published posts, the newest first."""
        published = select(Post).where(Post.status == PostStatus.PUBLISHED)
        total = session.scalar(select(func.count()).select_from(published.subquery())) or 0
        posts = session.scalars(published.order_by(Post.created_at.desc()).limit(limit).offset(offset))
        items = []
        for post in posts:
            items.append(
                PostSummary(
                    id=post.id,
                    title=post.title,
                    author=post.author.name,
                    category=post.category.name if post.category else None,
                    tags=[tag.name for tag in post.tags],
                    comment_count=len(post.comments),
                    created_at=post.created_at,
                )
            )
        return PostPage(items=items, total=total)

    def retrieve(self, post_id: int, session: DatabaseSession) -> PostRead:
        """One published post, or 404."""
        post = session.get(Post, post_id)
        if post is None or post.status != PostStatus.PUBLISHED:
            raise HTTPException(404, f"There is no published post {post_id}")
        return PostRead.from_post(post)

    def create(self, data: PostCreate, user: CurrentUser, session: DatabaseSession) -> PostRead:
        """Write a post; 422 when its category does not exist."""
        if data.category_id is not None and session.get(Category, data.category_id) is None:
            raise HTTPException(422, f"There is no category {data.category_id}")
        tags = find_or_create_tags(session, data.tags)
        fields = data.model_dump(exclude={"tags"})
        post = Post(**fields, author=user, tags=tags)
        session.add(post)
        session.commit()
        return PostRead.from_post(post)

    def update(self, post_id: int, data: PostUpdate, user: CurrentUser, session: DatabaseSession) -> PostRead:
        """Change one's own post."""
        post = find_own_post(session, post_id, user)
        for field, value in data.model_dump(exclude_none=True).items():
            setattr(post, field, value)
        session.commit()
        return PostRead.from_post(post)

    def delete(self, post_id: int, user: CurrentUser, session: DatabaseSession) -> None:
        """Delete one's own post with its comments."""
        session.delete(find_own_post(session, post_id, user))
        session.commit()


def find_own_post(session: Session, post_id: int, user: User) -> Post:
    """The post if it belongs to the user, else 404 or 403."""
    post = session.get(Post, post_id)
    if post is None:
        raise HTTPException(404, f"There is no post {post_id}")
    if post.author_id != user.id:
        raise HTTPException(403, f"Post {post_id} belongs to another author")
    return post


def find_or_create_tags(session: Session, names: Sequence[str]) -> list[Tag]:
    """The tags of these names, in the same order and without repeats."""
    existing = {tag.name: tag for tag in session.scalars(select(Tag).where(Tag.name.in_(names)))}
    return [existing.get(name) or Tag(name=name) for name in dict.fromkeys(names)]


router = PostViewSet().router
