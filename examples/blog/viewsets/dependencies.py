"""What the endpoints ask FastAPI for: a database session, and the user who is logged in."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from database import get_session
from models import User
from security import read_token

DatabaseSession = Annotated[Session, Depends(get_session)]
BearerToken = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def get_current_user(session: DatabaseSession, bearer: BearerToken) -> User:
    """The active user whose token the request carries, or 401."""
    user_id = read_token(bearer.credentials) if bearer else None
    user = session.get(User, user_id) if user_id is not None else None
    if user is None or not user.is_active:
        raise HTTPException(401, "Log in first: POST /users/login", headers={"WWW-Authenticate": "Bearer"})
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
