"""Run inside the Django shop: tries statements and expressions on the worker's read-only connection.

`python django_attempts.py settings_module`, the attempts as JSON on stdin, the outcome of each as JSON on stdout.
"""

import json
import os
import sys
from typing import Any

from aksara_agent.project.worker import django_load
from aksara_agent.project.worker.failures import RequestError

django_load.set_up(os.getcwd(), sys.argv[1])

from django.core.management import call_command  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from shop.models import Product, Tag  # type: ignore[import-not-found]  # noqa: E402

from aksara_agent.project.worker.django_readonly import ALIAS, read_only  # noqa: E402

KNOWN = {"Tag": Tag, "Product": Product, "ALIAS": ALIAS, "transaction": transaction, "call_command": call_command}
KNOWN |= {"connections": connections}


def attempt(text: str, seconds: float) -> str:
    """ "refused: …" or what came back. An attempt that starts with "=" is Python, the others are SQL."""
    try:
        with read_only("default", seconds) as connection:
            if text.startswith("="):
                return f"done: {eval(text[1:], KNOWN)!r}"
            with connection.cursor() as cursor:
                cursor.execute(text)
                return f"done: {cursor.fetchall() if cursor.description else cursor.rowcount!r}"
    except RequestError as error:
        return f"refused: {error}"
    except Exception as error:
        return f"refused: {type(error).__name__}: {error}"


def main() -> None:
    asked: dict[str, Any] = json.load(sys.stdin)
    json.dump([attempt(text, asked["seconds"]) for text in asked["attempts"]], sys.stdout)


if __name__ == "__main__":
    main()
