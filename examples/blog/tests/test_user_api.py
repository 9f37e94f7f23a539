"""What users may rely on under /users."""

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import User

NEW_USER = {"email": "grace@example.org", "name": "Grace", "password": "correct horse"}


def test_registering_stores_a_hash_and_not_the_password(client: TestClient, session: Session) -> None:
    response = client.post("/users", json=NEW_USER)

    assert response.status_code == 201
    user = session.scalars(select(User)).one()
    assert NEW_USER["password"] not in user.password_hash
    assert "password" not in response.text


def test_an_address_can_be_registered_once(client: TestClient) -> None:
    client.post("/users", json=NEW_USER)

    assert client.post("/users", json=NEW_USER).status_code == 409


def test_the_list_hides_inactive_users_and_addresses(
    client: TestClient, session: Session, author: User
) -> None:
    session.add(User(email="gone@example.org", name="Gone", password_hash="!", is_active=False))
    session.commit()

    response = client.get("/users")

    assert [user["name"] for user in response.json()["items"]] == ["Ada"]
    assert "@" not in response.text
