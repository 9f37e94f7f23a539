"""What we know about a project before anything of it is imported."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from .aksara_site import aksara_database, aksara_migrations
from .description import Framework
from .detect import detect_frameworks
from .django_site import find_site
from .scan import Scan
from .worker.masking import mask_password

DJANGO_MIGRATION = re.compile(r"/migrations/\d{4}_\w+\.py$")
ENVIRONMENT = ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI")


def describe_setup(root: Path, python: Path, scan: Scan) -> dict[str, Any]:
    """Frameworks with evidence, interpreter, database, migrations and problems; JSON-able, no secrets."""
    frameworks = detect_frameworks(root, scan)
    problems = list(scan.problems)
    if not scan.models:
        problems.append(f"no models were found in {len(scan.files)} Python files under {root}")
    return {
        "root": str(root),
        "python": str(python),
        "framework": frameworks[0]["name"] if frameworks else None,
        "frameworks": frameworks,
        "models": len(scan.models),
        "database": database(root, scan),
        "migrations": migrations(root, scan),
        "problems": problems,
    }


def migrations(root: Path, scan: Scan) -> dict[str, Any] | None:
    """Alembic's, else Django's numbered files in the apps, else Aksara's."""
    found = scan.migrations
    if found:
        return {"tool": "alembic", "folder": found.folder, "ini": found.ini, "revisions": found.revisions}
    if not uses(scan, "django"):
        made = aksara_migrations(root, scan)
        return {"tool": "aksara", "folders": list(made), "revisions": sum(made.values())} if made else None
    numbered = [file.path for file in scan.files if DJANGO_MIGRATION.search(file.path)]
    folders = sorted({path.rpartition("/")[0] for path in numbered})
    return {"tool": "django", "folders": folders, "revisions": len(numbered)}


def uses(scan: Scan, framework: Framework) -> bool:
    return any(model.summary["framework"] == framework for model in scan.models)


def database(root: Path, scan: Scan) -> dict[str, str] | None:
    """As the framework in use finds it."""
    if uses(scan, "aksara") and not scan.engines:
        return aksara_database(root, scan)
    return alchemy_database(scan) or django_database(root, scan)


def alchemy_database(scan: Scan) -> dict[str, str] | None:
    """The URL as far as source and environment tell; the worker asks the engine itself."""
    for engine in scan.engines:
        place = f"{engine.name} at {engine.file}:{engine.line}"
        if engine.url and "://" in engine.url:
            return {"url": mask_password(engine.url), "source": place}
    for name in ENVIRONMENT:
        if os.environ.get(name):
            return {"url": mask_password(os.environ[name]), "source": f"environment variable {name}"}
    if scan.migrations and scan.migrations.url:
        return {"url": mask_password(scan.migrations.url), "source": f"{scan.migrations.ini} sqlalchemy.url"}
    if scan.engines:
        engine = scan.engines[0]
        return {
            "url": "known once the project is imported",
            "source": f"{engine.name} at {engine.file}:{engine.line}",
        }
    return None


def django_database(root: Path, scan: Scan) -> dict[str, str] | None:
    if not uses(scan, "django"):
        return None
    site = find_site(root, scan)
    return (
        {"url": "known once the project is imported", "source": f"DATABASES of {site.settings}"}
        if site.settings
        else None
    )
