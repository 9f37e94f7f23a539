"""Aksara projects, asked through the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .aksara_site import AksaraSite, find_aksara_site
from .description import Framework
from .scan import Scan
from .worker_adapter import WorkerAdapter


class AksaraAdapter(WorkerAdapter):
    """Imports the settings and the model modules, and asks Aksara's registry and the database."""

    frameworks: tuple[Framework, ...] = ("aksara",)
    distributions: Mapping[str, str] = {"aksara": "aksara-framework"}
    known: tuple[str, AksaraSite] | None = None

    def what_to_load(self, scan: Scan) -> dict[str, Any]:
        site = self.site(scan)
        files = dict.fromkeys(
            model.summary["file"] for model in scan.models if model.summary["framework"] in self.frameworks
        )
        roots = [site.folder, "", *(["src"] if (self.root / "src").is_dir() else [])]
        roots += [scan.roots.root_of(path) for path in files]
        return {
            "framework": "aksara",
            "roots": list(dict.fromkeys(roots)),
            "folder": site.folder,
            "settings": scan.roots.module_of(site.settings) if site.settings else None,
            "modules": list(dict.fromkeys(scan.roots.module_of(path) for path in files)),
            "notes": [site.guessed] if site.guessed else [],
        }

    def site(self, scan: Scan) -> AksaraSite:
        if self.known is None or self.known[0] != scan.fingerprint:
            self.known = (scan.fingerprint, find_aksara_site(self.root, scan))
        return self.known[1]
