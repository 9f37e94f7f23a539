"""A connection of our own to the project's PostgreSQL, which refuses every write."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any, AsyncIterator

import asyncpg
from aksara.conf import settings

from .failures import RequestError
from .masking import mask_password
from .readonly import explain


def database_url() -> str:
    """RequestError when neither the settings nor the environment name a database."""
    if not settings.database_url:
        message = "no database is known: pass database_url to configure() in the settings, or set {}"
        raise RequestError(message.format("AKSARA_DATABASE_URL or DATABASE_URL"), "database")
    return str(settings.database_url)


def describe() -> dict[str, Any]:
    """URL, source, and the sentence why rows cannot be read. Opens nothing."""
    try:
        url = mask_password(database_url())
    except RequestError as error:
        return {"url": None, "source": None, "problem": str(error)}
    return {"url": url, "source": "aksara.conf.settings.database_url", "problem": None}


@contextlib.asynccontextmanager
async def read_only(seconds: float) -> AsyncIterator[Any]:
    """A connection inside one read-only transaction that sees one state of the rows; closed at the end.

    RequestError when the time is over or the database refuses.
    """
    deadline = time.monotonic() + seconds
    connection = await connect(seconds)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            # After its first query a transaction cannot become writable again.
            await connection.execute("SET LOCAL statement_timeout = {:d}; SELECT 1".format(int(seconds * 1000)))
            yield connection
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise RequestError(explain(str(error), deadline, seconds), "database") from error
    finally:
        await connection.close()


async def connect(seconds: float) -> Any:
    url = database_url()
    shown = mask_password(url)
    try:
        # For a pooler between us and the server: no setting of the session (asyncpg.connect has one, see
        # aksara_load.py), and no statement that outlives its use.
        return await asyncpg.connection.connect(url, timeout=seconds, statement_cache_size=0)
    except ValueError as error:
        message = "{} cannot be read as the URL of a PostgreSQL database, e.g. postgresql://user:password@host/name"
        raise RequestError(message.format(shown), "database") from error
    except asyncio.TimeoutError as error:
        raise RequestError("no connection to {} within {:g} s".format(shown, seconds), "database") from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise RequestError("no connection to {}: {}".format(shown, str(error).strip()), "database") from error
