"""What readers and authors may rely on under /posts."""

from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from models import Post, PostStatus, User

NEWEST = datetime(2026, 6, 1, 12)


@pytest.fixture
def posts(session: Session, author: User) -> list[Post]:
    """Five published posts a day apart, the newest first, and one draft."""
    posts = [
        Post(
            title=f"Post {age}",
            body="Text.",
            author=author,
            status=PostStatus.PUBLISHED,
            created_at=NEWEST - timedelta(days=age),
        )
        for age in range(5)
    ]
    session.add_all([*posts, Post(title="Draft", body="Not yet.", author=author)])
    session.commit()
    return posts


def test_the_list_shows_published_posts_newest_first(client: TestClient, posts: list[Post]) -> None:
    page = client.get("/posts").json()

    assert [post["title"] for post in page["items"]] == ["Post 0", "Post 1", "Post 2", "Post 3", "Post 4"]
    assert page["items"][0]["author"] == "Ada"
    assert page["items"][0]["comment_count"] == 0


def test_the_list_comes_in_pages(client: TestClient, posts: list[Post]) -> None:
    page = client.get("/posts", params={"limit": 2, "offset": 2}).json()

    assert [post["title"] for post in page["items"]] == ["Post 2", "Post 3"]
    assert page["total"] == 5


def test_a_page_holds_at_most_one_hundred_posts(client: TestClient) -> None:
    assert client.get("/posts", params={"limit": 101}).status_code == 422


def test_a_published_post_can_be_read(client: TestClient, posts: list[Post]) -> None:
    post = client.get(f"/posts/{posts[0].id}").json()

    assert post["title"] == "Post 0"
    assert post["body"] == "Text."


def test_a_draft_cannot_be_read(client: TestClient, session: Session, author: User) -> None:
    draft = Post(title="Draft", body="Not yet.", author=author)
    session.add(draft)
    session.commit()

    assert client.get(f"/posts/{draft.id}").status_code == 404


def test_writing_a_post_needs_a_login(client: TestClient) -> None:
    response = client.post("/posts", json={"title": "First", "body": "Hello."})

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_an_author_can_write_a_post(
    client: TestClient, session: Session, author: User, author_headers: dict[str, str]
) -> None:
    response = client.post("/posts", json={"title": "First", "body": "Hello."}, headers=author_headers)

    assert response.status_code == 201
    post = session.get_one(Post, response.json()["id"])
    assert (post.title, post.author_id, post.status) == ("First", author.id, PostStatus.DRAFT)
