"""Whether a database looks like the one that real people depend on."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from .failures import RequestError, project_place

WORDS = {"prod", "prd", "production", "live"}
VARIABLES = ("ENV", "ENVIRONMENT", "APP_ENV", "DJANGO_ENV", "FLASK_ENV", "FASTAPI_ENV", "APP_ENVIRONMENT")
# Names at hosting providers are often one word, such as proddb.
HOSTED = re.compile(r"(amazonaws|azure|googleapis|neon|supabase|render|digitalocean|aivencloud|cockroachlabs)\.")


def refuse_production(database: Any, root: str) -> None:
    """RequestError when the database looks like production."""
    evidence = looks_like_production(database, root)
    if evidence:
        message = (
            "this looks like a production database ({}), which is read-only here; "
            "to write all the same, the user must set allow_production_writes=True"
        )
        raise RequestError(message.format(evidence))


def looks_like_production(database: Any, root: str) -> str | None:
    """What says so, or None."""
    for name in VARIABLES:
        if is_production(os.environ.get(name)):
            return "environment variable {}={}".format(name, os.environ[name])
    host, path = database.url.host or "", str(database.url.database or "")
    if WORDS & words(host) or (HOSTED.search(host) and "prod" in host.partition(".")[0].lower()):
        return "host " + host
    name = os.path.splitext(os.path.basename(path))[0] if database.is_sqlite else path
    if WORDS & words(name):
        return "database " + name
    return settings_evidence(root)


def settings_evidence(root: str) -> str | None:
    """A variable of the project's own modules, such as ENVIRONMENT = "production" in settings.py."""
    for name, module in sorted(sys.modules.items()):
        if project_place(getattr(module, "__file__", None) or "", 1, root):
            for variable in VARIABLES:
                if is_production(getattr(module, variable, None)):
                    return "{}.{} is {!r}".format(name, variable, getattr(module, variable))
    return None


def is_production(value: Any) -> bool:
    return isinstance(value, str) and value.strip().lower() in WORDS


def words(text: str) -> set[str]:
    return set(re.split(r"[^a-z]+", text.lower()))
