"""The project's Alembic configuration and its folder of revisions."""

from __future__ import annotations

import contextlib
import importlib
import io
import logging.config
import os
import re
import sys
from typing import Any, Iterator

from .failures import RequestError

NUMBERED = re.compile(r"\d{3,}")


def require_alembic(loaded: Any, *, set_up: bool = False) -> None:
    """RequestError when the project's interpreter has no Alembic, or the project does not use it yet."""
    try:
        importlib.import_module("alembic")
    except ImportError as error:
        message = "{0}: install Alembic where the project runs, for example {1} -m pip install alembic"
        raise RequestError(message.format(error, sys.executable)) from error
    if not loaded.alembic_ini and not set_up:
        raise RequestError("the project has no alembic.ini: create_migration with set_up=true sets Alembic up")


def alembic_config(loaded: Any) -> Any:
    from alembic.config import Config

    config = Config(loaded.alembic_ini, stdout=io.StringIO())
    config.attributes["configure_logging"] = False
    return config


def script_directory(config: Any, extra: str | None = None) -> Any:
    """Alembic's ScriptDirectory; `extra` is one more folder of revisions, outside the project."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(config)
    sys.path[:] = list(dict.fromkeys(sys.path))  # Alembic puts prepend_sys_path in front each time
    if extra:
        places = script.version_locations or [os.path.join(str(script.dir), "versions")]
        script.version_locations = [str(place) for place in places] + [extra]
    return script


def heads_of(script: Any) -> list[str]:
    return sorted(script.get_heads())


def file_of(revision: Any, root: str) -> str:
    return os.path.relpath(os.path.realpath(str(revision.path)), os.path.realpath(root)).replace(os.sep, "/")


def next_number(script: Any) -> str | None:
    """ "0006" when every revision so far is a number, else None: then Alembic chooses an id."""
    numbers = [revision.revision for revision in script.walk_revisions()]
    if not numbers or not all(NUMBERED.fullmatch(number) for number in numbers):
        return None
    return str(max(map(int, numbers)) + 1).zfill(max(map(len, numbers)))


@contextlib.contextmanager
def at_home(loaded: Any) -> Iterator[None]:
    """As if Alembic had been called beside its alembic.ini, without the logging that the file sets up."""
    before, configure = os.getcwd(), logging.config.fileConfig
    os.chdir(os.path.dirname(loaded.alembic_ini) or before)
    logging.config.fileConfig = lambda *arguments, **options: None
    try:
        yield
    finally:
        logging.config.fileConfig = configure
        os.chdir(before)
