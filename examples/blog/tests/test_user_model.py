"""What the User model promises."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Post, User


def test_a_new_user_is_active_and_has_never_logged_in(author: User) -> None:
    assert author.is_active
    assert author.last_login is None
    assert author.created_at is not None


def test_a_user_with_posts_cannot_be_deleted(session: Session, author: User) -> None:
    session.add(Post(title="First", body="Hello.", author_id=author.id))
    session.commit()

    session.delete(author)

    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()
    assert session.get(User, author.id) is author
