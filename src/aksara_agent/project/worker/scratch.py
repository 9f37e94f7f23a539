"""A scratch database like the project's own, for as long as it is needed."""

from __future__ import annotations

import contextlib
from typing import Any, Iterator

from .failures import RequestError
from .scratch_sqlite import SqliteScratch


@contextlib.contextmanager
def empty_scratch(loaded: Any, request: dict[str, Any]) -> Iterator[Any]:
    """NoScratch where a scratch database cannot or must not be made."""
    database = loaded.database()
    if database.is_sqlite:
        yield SqliteScratch(request["folder"])
        return
    refuse_others(database)
    refuse_production(loaded, request)
    from .scratch_postgres import PostgresScratch

    scratch = PostgresScratch(loaded.root, database.url)
    try:
        yield scratch
    finally:
        scratch.drop()


class NoScratch(RequestError):
    """There can be no scratch database, so nothing can be proven."""


def refuse_production(loaded: Any, request: dict[str, Any]) -> None:
    try:
        loaded.writable(request)
    except RequestError as error:
        raise NoScratch("no scratch database was made: {}".format(error), "database") from error


def refuse_others(database: Any) -> None:
    name = database.url.get_backend_name()
    if name != "postgresql":
        raise RequestError("migrations are proven on sqlite and postgresql, not on {}".format(name), "database")
