"""A scratch database like the project's own, for as long as it is needed."""

from __future__ import annotations

import contextlib
from typing import Any, Iterator

from .failures import RequestError
from .scratch_sqlite import SqliteScratch


@contextlib.contextmanager
def empty_scratch(loaded: Any, folder: str) -> Iterator[Any]:
    """RequestError where a scratch database cannot be made."""
    database = loaded.database()
    if database.is_sqlite:
        yield SqliteScratch(folder)
        return
    refuse_others(database)
    from .scratch_postgres import PostgresScratch

    scratch = PostgresScratch(loaded.root, database.url)
    try:
        yield scratch
    finally:
        scratch.drop()


def refuse_others(database: Any) -> None:
    name = database.url.get_backend_name()
    if name != "postgresql":
        raise RequestError("migrations are proven on sqlite and postgresql, not on {}".format(name), "database")
