"""What tells that a repository is a Django project: manage.py, its settings module, its installed apps."""

from __future__ import annotations

import ast
from pathlib import Path

from .django_site import DjangoSite, find_site
from .files import read_source
from .scan import Scan
from .syntax import last_name

MOST_APPS = 8


def django_evidence(root: Path, scan: Scan) -> list[str]:
    """One sentence for each piece of evidence; nothing is imported."""
    site = find_site(root, scan)
    evidence = [f"{site.manage} exists"] if site.manage else []
    if site.settings is None:
        return [*evidence, site.reason]
    evidence.append(f"settings module {site.settings} ({site.reason})")
    own = [app for app in installed_apps(root, scan, site) if is_of_project(app, scan)]
    if own:
        more = f" and {len(own) - MOST_APPS} more" if len(own) > MOST_APPS else ""
        evidence.append(f"installed apps of this project: {', '.join(own[:MOST_APPS])}{more}")
    return evidence


def settings_path(scan: Scan, site: DjangoSite) -> str | None:
    """The file of the settings module, the one nearest to manage.py."""
    tail = (site.settings or "").replace(".", "/")
    endings = (f"/{tail}.py", f"/{tail}/__init__.py")
    found = [file.path for file in scan.files if f"/{file.path}".endswith(endings)]
    return max(found, key=lambda path: (path.startswith(site.folder), -len(path)), default=None)


def installed_apps(root: Path, scan: Scan, site: DjangoSite) -> list[str]:
    """Names spelled out in INSTALLED_APPS and the lists it is made of, also in the settings it extends."""
    path = settings_path(scan, site)
    if path is None:
        return []
    folder = path.rpartition("/")[0]
    files = [path, *(file.path for file in scan.files if file.path.rpartition("/")[0] == folder)]
    apps: dict[str, None] = {}
    for name in dict.fromkeys(files):
        apps |= dict.fromkeys(apps_in(root / name))
    return list(apps)


def apps_in(path: Path) -> list[str]:
    try:
        tree = ast.parse(read_source(path))
    except (OSError, SyntaxError, ValueError):
        return []
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if last_name(target).endswith("_APPS"):
            found += [item.value for item in ast.walk(node.value) if isinstance(item, ast.Constant)]
    return [item for item in found if isinstance(item, str)]


def is_of_project(app: str, scan: Scan) -> bool:
    """ "shop" and "apps.shop.apps.ShopConfig" lead to a folder of the project."""
    parts = app.split(".")
    folder = "/".join(parts[: parts.index("apps", 1)] if "apps" in parts[1:] else parts)
    return any(f"/{file.path}".rpartition("/")[0].endswith(f"/{folder}") for file in scan.files)
