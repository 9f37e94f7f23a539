"""Where an Aksara project is set up: its settings file, its migrations, and the evidence for both."""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass
from pathlib import Path

from .files import is_migration, is_test, read_source
from .scan import Scan
from .syntax import constant_text, keyword_value, last_name
from .worker.masking import mask_password

CONFIGURES = re.compile(rb"^\s*(?:\w+\.)*configure\(", re.MULTILINE)
MIGRATION = re.compile(rb"^\s*(?:from|import) aksara\.migrations|^\s*from aksara import .*\bmigration", re.MULTILINE)
ENVIRONMENT = ("AKSARA_DATABASE_URL", "DATABASE_URL")


@dataclass(frozen=True, slots=True)
class AksaraSite:
    """`folder` is where its commands run; without `settings` the environment alone configures it."""

    folder: str
    settings: str | None
    line: int = 0
    url: str | None = None  # as far as the source spells it out


def find_sites(root: Path, scan: Scan) -> list[AksaraSite]:
    """One for each settings file that calls configure(), the one with most models below it first."""
    sites = []
    for file in scan.files:
        if is_settings(root, file.path):
            line, url = read_configure(root / file.path)
            sites.append(AksaraSite(scan.roots.root_of(file.path), file.path, line, url))
    models = aksara_models(scan)
    if not sites:
        return [AksaraSite(scan.roots.root_of(models[0]) if models else "", None)]
    return sorted(sites, key=lambda site: (-len(models_of(site, sites, models)), str(site.settings)))


def aksara_models(scan: Scan) -> list[str]:
    """The files, each once."""
    found = [model.summary["file"] for model in scan.models if model.summary["framework"] == "aksara"]
    return list(dict.fromkeys(found))


def models_of(site: AksaraSite, sites: list[AksaraSite], models: list[str]) -> list[str]:
    return [file for file in models if site_of(file, sites) == site]


def site_of(file: str, sites: list[AksaraSite]) -> AksaraSite:
    """The project whose folder is the nearest above the file, else the first."""
    above = [site for site in sites if file.startswith(below(site))]
    return max(above, key=lambda site: len(below(site)), default=sites[0])


def below(site: AksaraSite) -> str:
    """How the paths of its files begin: the settings may be a package of their own inside the project."""
    folder = (site.settings or "").rpartition("/")[0]
    parent, _, name = folder.rpartition("/")
    inner = parent if name in ("settings", "config", "conf") else folder
    return f"{inner}/" if inner else ""


def is_settings(root: Path, path: str) -> bool:
    name = path.rpartition("/")[2]
    if is_test(path) or is_migration(path) or not ("settings" in path or "conf" in name):
        return False
    try:
        text = (root / path).read_bytes()
    except OSError:
        return False
    return b"aksara" in text and CONFIGURES.search(text) is not None


def read_configure(path: Path) -> tuple[int, str | None]:
    """The line of the configure(...) call and the database URL written in it."""
    try:
        tree = ast.parse(read_source(path))
    except (OSError, SyntaxError, ValueError):
        return 0, None
    strings: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            text = constant_text(statement.value, strings)
            strings |= {statement.targets[0].id: text} if text else {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and last_name(node.func) == "configure":
            value = keyword_value(node, "database_url")
            return node.lineno, constant_text(value, strings) if value is not None else None
    return 0, None


def aksara_migrations(root: Path, scan: Scan) -> dict[str, int]:
    """Folder to number of migrations."""
    folders: dict[str, int] = {}
    for file in scan.files:
        folder, _, name = file.path.rpartition("/")
        if is_migration(file.path) and not name.startswith("_") and MIGRATION.search((root / file.path).read_bytes()):
            folders[folder] = folders.get(folder, 0) + 1
    return folders


def aksara_evidence(root: Path, scan: Scan) -> list[str]:
    """One sentence for each piece of evidence; nothing is imported."""
    evidence = [f"configure() at {site.settings}:{site.line}" for site in find_sites(root, scan) if site.settings]
    found = aksara_migrations(root, scan).items()
    return evidence + [f"{number} Aksara migrations in {folder}" for folder, number in found]


def aksara_database(root: Path, scan: Scan) -> dict[str, str]:
    """What the framework takes: configure(), AKSARA_DATABASE_URL, DATABASE_URL."""
    site = find_sites(root, scan)[0]
    place = f"configure() at {site.settings}:{site.line}"
    if site.url:
        return {"url": mask_password(site.url), "source": place}
    for name in ENVIRONMENT:
        if os.environ.get(name):
            return {"url": mask_password(os.environ[name]), "source": f"environment variable {name}"}
    return {"url": "known once the project is imported", "source": place if site.settings else ".env"}
