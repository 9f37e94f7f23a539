"""Where the project keeps its Alembic migrations."""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from pathlib import Path

from .files import SourceFile


@dataclass(frozen=True, slots=True)
class Migrations:
    """Paths relative to the project root; `url` is alembic.ini's, unless it is the template's placeholder."""

    ini: str | None
    folder: str | None
    url: str | None
    revisions: int


def find_migrations(root: Path, files: list[SourceFile]) -> Migrations | None:
    """Alembic by its alembic.ini, else by an env.py beside a versions folder."""
    ini = next((path for path in [root / "alembic.ini", *sorted(root.glob("*/alembic.ini"))] if path.is_file()), None)
    folder, url = read_ini(ini, root) if ini else (None, None)
    if folder is None:
        folder = next((file.path.rpartition("/")[0] for file in files if is_environment(file, files)), None)
    if ini is None and folder is None:
        return None
    revisions = sum(folder is not None and file.path.startswith(f"{folder}/versions/") for file in files)
    return Migrations(ini.relative_to(root).as_posix() if ini else None, folder, url, revisions)


def is_environment(file: SourceFile, files: list[SourceFile]) -> bool:
    folder, _, name = file.path.rpartition("/")
    return name == "env.py" and any(other.path.startswith(f"{folder}/versions/") for other in files)


def read_ini(ini: Path, root: Path) -> tuple[str | None, str | None]:
    """(script_location inside the project, sqlalchemy.url)."""
    parser = configparser.ConfigParser({"here": str(ini.parent)})
    try:
        parser.read(ini, encoding="utf-8")
        location = parser.get("alembic", "script_location", fallback="")
        url = parser.get("alembic", "sqlalchemy.url", fallback="")
    except (configparser.Error, UnicodeError):
        return None, None
    folder = (ini.parent / location).resolve() if location and ":" not in location else None
    inside = folder.relative_to(root).as_posix() if folder and folder.is_relative_to(root) else None
    return inside, url if url and "driver://" not in url else None
