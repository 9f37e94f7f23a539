"""Which frameworks a project uses, each with the evidence for it."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from .aksara_site import aksara_evidence
from .description import Framework
from .django_evidence import django_evidence
from .scan import Scan

ALCHEMY: tuple[Framework, ...] = ("sqlalchemy", "sqlmodel")


class Detected(TypedDict):
    """`evidence` are sentences; `adapter` says what works with this framework."""

    name: str
    evidence: list[str]
    adapter: str


def detect_frameworks(root: Path, scan: Scan) -> list[Detected]:
    """The frameworks found, the one with most models first."""
    names = [model.summary["framework"] for model in scan.models]
    found = [detected(name, root, scan) for name in sorted(set(names), key=lambda name: -names.count(name))]
    if scan.migrations and not any(item["name"] in ALCHEMY for item in found):
        place = scan.migrations.ini or scan.migrations.folder
        found.append({"name": "sqlalchemy", "evidence": [f"Alembic migrations at {place}"], "adapter": "available"})
    has_manage = any(file.path.rpartition("/")[2] == "manage.py" for file in scan.files)
    if has_manage and "django" not in names:
        evidence = django_evidence(root, scan)
        found.append({"name": "django", "evidence": evidence, "adapter": "available"})
    if "aksara" not in names and aksara_evidence(root, scan):
        found.append({"name": "aksara", "evidence": aksara_evidence(root, scan), "adapter": "available"})
    return found


def detected(name: Framework, root: Path, scan: Scan) -> Detected:
    models = [model.summary for model in scan.models if model.summary["framework"] == name]
    first = models[0]
    evidence = [f"{len(models)} models, e.g. {first['name']} at {first['file']}:{first['line']}"]
    if name in ALCHEMY:
        evidence += [f"engine {engine.name} at {engine.file}:{engine.line}" for engine in scan.engines[:3]]
        if scan.migrations:
            place = scan.migrations.folder or scan.migrations.ini
            evidence.append(f"Alembic with {scan.migrations.revisions} revisions in {place}")
    if name == "django":
        evidence += django_evidence(root, scan)
    if name == "aksara":
        evidence += aksara_evidence(root, scan)
    return {"name": name, "evidence": evidence, "adapter": "available"}
