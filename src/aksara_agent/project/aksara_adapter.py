"""Aksara projects, asked through the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .aksara_site import AksaraSite, aksara_models, find_sites, models_of, site_of
from .description import Framework
from .scan import Scan
from .scan_models import StaticModel
from .worker_adapter import WorkerAdapter


class AksaraAdapter(WorkerAdapter):
    """Imports the settings and the model modules, and asks Aksara's registry and the database."""

    frameworks: tuple[Framework, ...] = ("aksara",)
    distributions: Mapping[str, str] = {"aksara": "aksara-framework"}
    known: tuple[str, list[AksaraSite]] | None = None

    def load_for(self, scan: Scan, model: StaticModel | None) -> dict[str, Any]:
        sites = self.sites(scan)
        site = site_of(model.summary["file"], sites) if model else sites[0]
        files = models_of(site, sites, aksara_models(scan))
        roots = [site.folder, "", *(["src"] if (self.root / "src").is_dir() else [])]
        roots += [scan.roots.root_of(path) for path in files]
        return {
            "framework": "aksara",
            "roots": list(dict.fromkeys(roots)),
            "folder": site.folder,
            "settings": scan.roots.module_of(site.settings) if site.settings else None,
            "modules": list(dict.fromkeys(scan.roots.module_of(path) for path in files)),
        }

    def sites(self, scan: Scan) -> list[AksaraSite]:
        if self.known is None or self.known[0] != scan.fingerprint:
            self.known = (scan.fingerprint, find_sites(self.root, scan))
        return self.known[1]
