"""What the Comment model promises."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Comment, Post, User


def test_a_post_shows_its_comments_oldest_first(session: Session, author: User) -> None:
    post = Post(title="First", body="Hello.", author=author)
    older = Comment(post=post, author=author, body="One.")
    session.add_all([post, older])
    session.flush()
    newest = Comment(
        post=post, author=author, body="Three.", created_at=older.created_at + timedelta(hours=2)
    )
    middle = Comment(post=post, author=author, body="Two.", created_at=older.created_at + timedelta(hours=1))
    session.add_all([newest, middle])
    session.commit()
    session.expire_all()

    assert [comment.body for comment in post.comments] == ["One.", "Two.", "Three."]


def test_a_comment_needs_an_existing_post(session: Session, author: User) -> None:
    session.add(Comment(post_id=404, author_id=author.id, body="Hello?"))

    with pytest.raises(IntegrityError):
        session.commit()
