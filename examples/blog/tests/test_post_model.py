"""What the Post model promises."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Comment, Post, PostStatus, User


def test_a_new_post_is_a_draft(session: Session, author: User) -> None:
    post = Post(title="First", body="Hello.", author=author)
    session.add(post)
    session.commit()

    assert post.status is PostStatus.DRAFT
    assert author.posts == [post]


def test_changing_a_post_moves_updated_at_only(session: Session, author: User) -> None:
    post = Post(title="First", body="Hello.", author=author)
    session.add(post)
    session.commit()
    created_at, updated_at = post.created_at, post.updated_at

    post.title = "Second"
    session.commit()
    session.refresh(post)

    assert post.created_at == created_at
    assert post.updated_at > updated_at


def test_deleting_a_post_deletes_its_comments(session: Session, author: User) -> None:
    post = Post(title="First", body="Hello.", author=author)
    session.add(post)
    session.add(Comment(post=post, author=author, body="Welcome."))
    session.commit()

    session.delete(post)
    session.commit()

    assert session.scalar(select(func.count()).select_from(Comment)) == 0
