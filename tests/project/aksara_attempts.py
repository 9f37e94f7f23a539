"""Run inside the Aksara shop: tries statements and expressions on the worker's read-only connection.

`python aksara_attempts.py boot.py`, the attempts as JSON on stdin, the outcome of each as JSON on stdout.
"""

import asyncio
import importlib
import importlib.util
import json
import os
import sys
from typing import Any


def worker(boot: str) -> Any:
    """The worker's package, loaded as the worker itself loads it."""
    spec = importlib.util.spec_from_file_location("boot", boot)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.load_package()
    return module.PACKAGE


PACKAGE = worker(sys.argv[1])
sys.path.insert(0, os.getcwd())
importlib.import_module(PACKAGE + ".aksara_load").prepare(os.getcwd(), "settings")
DATABASE = importlib.import_module(PACKAGE + ".aksara_database")
RequestError = importlib.import_module(PACKAGE + ".failures").RequestError

from aksara import Database  # noqa: E402
from aksara.db.session import session_context  # noqa: E402
from aksara.migrations import executor  # noqa: E402
from shop.models import Product, Tag  # type: ignore[import-not-found]  # noqa: E402

KNOWN = {"Tag": Tag, "Product": Product, "executor": executor, "Database": Database}


class Ours:
    """Stands in for the pool, so that Aksara's own code runs on our connection."""

    def __init__(self, connection: Any) -> None:
        self.pool, self.connection = self, connection

    async def acquire(self) -> Any:
        return self.connection

    async def release(self, connection: Any) -> None: ...


async def attempt(text: str, seconds: float) -> str:
    """ "refused: …" or what came back: "=" is Aksara's code on our connection, "@" on the project's, else SQL."""
    try:
        if text.startswith("@"):
            return f"done: {await eval(text[1:], KNOWN)!r}"
        async with DATABASE.read_only(seconds) as connection:
            if text.startswith("="):
                async with session_context(Ours(connection)):
                    return f"done: {await eval(text[1:], KNOWN | {'connection': connection})!r}"
            return f"done: {[tuple(row) for row in await connection.fetch(text)]!r}"  # as the worker asks
    except RequestError as error:
        return f"refused: {error}"
    except Exception as error:
        return f"refused: {type(error).__name__}: {error}"


async def main() -> None:
    asked: dict[str, Any] = json.load(sys.stdin)
    database = Database.from_settings()
    await database.connect()
    json.dump([await attempt(text, asked["seconds"]) for text in asked["attempts"]], sys.stdout)
    await database.disconnect()


if __name__ == "__main__":
    asyncio.run(main())
