"""The JSON of users and logins."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class UserCreate(BaseModel):
    """What a new user fills in."""

    email: str = Field(pattern=EMAIL_PATTERN, max_length=254)
    name: str = Field(min_length=1, max_length=100)
    password: str = Field(min_length=8, max_length=128)


class UserUpdate(BaseModel):
    """What users may change about themselves."""

    name: str | None = Field(default=None, min_length=1, max_length=100)
    password: str | None = Field(default=None, min_length=8, max_length=128)


class UserRead(BaseModel):
    """What everybody may see of a user."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    is_active: bool
    created_at: datetime


class AccountRead(UserRead):
    """What users may see of themselves."""

    email: str
    last_login: datetime | None


class UserPage(BaseModel):
    """One page of users, and how many there are on all pages."""

    items: list[UserRead]
    total: int


class Credentials(BaseModel):
    """What a login needs."""

    email: str
    password: str


class Token(BaseModel):
    """What a login gives: send it as `Authorization: Bearer <token>`."""

    token: str
