"""The JSON of comments."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class CommentCreate(BaseModel):
    """What a reader fills in."""

    post_id: int
    body: str = Field(min_length=1, max_length=5000)


class CommentRead(BaseModel):
    """A comment as everybody sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    post_id: int
    author_id: int
    body: str
    created_at: datetime
