"""Endpoints for accounts: register, log in, look at users, change oneself."""

import time
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import func, select

from models import User
from models.base import utc_now
from security import create_token, hash_password, verify_password
from serializers.user import AccountRead, Credentials, Token, UserCreate, UserPage, UserRead, UserUpdate

from .dependencies import CurrentUser, DatabaseSession


class UserViewSet:
    """The endpoints under /users."""

    def __init__(self) -> None:
        self.router = APIRouter(prefix="/users", tags=["users"])
        self.router.add_api_route("", self.list, methods=["GET"])
        self.router.add_api_route("", self.create, methods=["POST"], status_code=201)
        self.router.add_api_route("/login", self.login, methods=["POST"])
        self.router.add_api_route("/me", self.me, methods=["GET"])
        self.router.add_api_route("/me", self.update_me, methods=["PATCH"])
        self.router.add_api_route("/{user_id}", self.retrieve, methods=["GET"])

    def list(
        self,
        session: DatabaseSession,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        offset: Annotated[int, Query(ge=0)] = 0,
    ) -> UserPage:
        """Active users, the oldest accounts first."""
        active = select(User).where(User.is_active)
        users = session.scalars(active.order_by(User.id).limit(limit).offset(offset))
        total = session.scalar(select(func.count()).select_from(active.subquery()))
        return UserPage(items=[UserRead.model_validate(user) for user in users], total=total or 0)

    def create(self, data: UserCreate, session: DatabaseSession) -> AccountRead:
        """Register; 409 when the address is taken."""
        if session.scalar(select(User).where(User.email == data.email)):
            raise HTTPException(409, f"{data.email} is already registered")
        user = User(email=data.email, name=data.name, password_hash=hash_password(data.password))
        session.add(user)
        session.commit()
        return AccountRead.model_validate(user)

    async def login(self, credentials: Credentials, session: DatabaseSession) -> Token:
        """Exchange address and password for a token; 401 when they do not fit."""
        same_address = func.lower(User.email) == credentials.email.lower()
        user = session.scalar(select(User).where(same_address).order_by(User.id).limit(1))
        if (
            user is None
            or not user.is_active
            or not verify_password(credentials.password, user.password_hash)
        ):
            # Whoever guesses passwords shall have to wait for each answer.
            time.sleep(1)
            raise HTTPException(401, "Wrong address or password")
        user.last_login = utc_now()
        session.commit()
        return Token(token=create_token(user.id))

    def me(self, user: CurrentUser) -> AccountRead:
        """The account of the user who asks."""
        return AccountRead.model_validate(user)

    def update_me(self, data: UserUpdate, user: CurrentUser, session: DatabaseSession) -> AccountRead:
        """Change one's own name or password."""
        if data.name is not None:
            user.name = data.name
        if data.password is not None:
            user.password_hash = hash_password(data.password)
        session.commit()
        return AccountRead.model_validate(user)

    def retrieve(self, user_id: int, session: DatabaseSession) -> UserRead:
        """One user, or 404."""
        user = session.get(User, user_id)
        if user is None:
            raise HTTPException(404, f"There is no user {user_id}")
        return UserRead.model_validate(user)


router = UserViewSet().router
