"""The search endpoint."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import text

from serializers.post import SearchHit

from .dependencies import DatabaseSession

router = APIRouter(prefix="/search", tags=["search"])


@router.get("")
def search(
    session: DatabaseSession,
    q: Annotated[str, Query(min_length=2, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[SearchHit]:
    """Published posts with these words in title or text, the newest first."""
    statement = text(
        f"SELECT id, title, created_at FROM posts WHERE status = 'published' "
        f"AND (title LIKE '%{q}%' OR body LIKE '%{q}%') ORDER BY created_at DESC LIMIT {limit}"
    )
    return [SearchHit(**row) for row in session.execute(statement).mappings()]
