"""Endpoints for comments: read for everybody, write for whoever is logged in."""

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException
from sqlalchemy import select

from models import Comment, Post, PostStatus
from serializers.comment import CommentCreate, CommentRead

from .dependencies import CurrentUser, DatabaseSession


class CommentViewSet:
    """The endpoints under /comments."""

    def __init__(self) -> None:
        self.router = APIRouter(prefix="/comments", tags=["comments"])
        self.router.add_api_route("", self.list, methods=["GET"])
        self.router.add_api_route("", self.create, methods=["POST"], status_code=201)
        self.router.add_api_route("/{comment_id}", self.delete, methods=["DELETE"], status_code=204)

    def list(self, session: DatabaseSession, post_id: int | None = None) -> Sequence[CommentRead]:
        """Comments on published posts, or on one of them, the oldest first."""
        comments = select(Comment).join(Comment.post).where(Post.status == PostStatus.PUBLISHED)
        if post_id is not None:
            comments = comments.where(Comment.post_id == post_id)
        found = session.scalars(comments.order_by(Comment.created_at))
        return [CommentRead.model_validate(comment) for comment in found]

    def create(self, data: CommentCreate, user: CurrentUser, session: DatabaseSession) -> CommentRead:
        """Comment on a published post; 404 when there is none."""
        post = session.get(Post, data.post_id)
        if post is None or post.status != PostStatus.PUBLISHED:
            raise HTTPException(404, f"There is no published post {data.post_id}")
        comment = Comment(post=post, author=user, body=data.body)
        session.add(comment)
        session.commit()
        return CommentRead.model_validate(comment)

    def delete(self, comment_id: int, user: CurrentUser, session: DatabaseSession) -> None:
        """Delete one's own comment."""
        comment = session.get(Comment, comment_id)
        if comment is None:
            raise HTTPException(404, f"There is no comment {comment_id}")
        if comment.author_id != user.id:
            raise HTTPException(403, f"Comment {comment_id} belongs to another author")
        session.delete(comment)
        session.commit()


router = CommentViewSet().router
