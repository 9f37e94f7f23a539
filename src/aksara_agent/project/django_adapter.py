"""Django projects, asked through the worker."""

from __future__ import annotations

from typing import Any

from .description import Framework
from .django_site import DjangoSite, find_site
from .failures import WorkerError
from .scan import Scan
from .worker_adapter import WorkerAdapter


class DjangoAdapter(WorkerAdapter):
    """Runs django.setup() with the project's settings and asks its models and its ORM."""

    frameworks: tuple[Framework, ...] = ("django",)
    known: tuple[str, DjangoSite] | None = None

    def what_to_load(self, scan: Scan) -> dict[str, Any]:
        site = self.site(scan)
        if site.settings is None:
            raise WorkerError(site.reason, "import")
        roots = [site.folder, "", *(["src"] if (self.root / "src").is_dir() else [])]
        return {
            "framework": "django",
            "roots": list(dict.fromkeys(roots)),
            "folder": site.folder,
            "settings": site.settings,
            "notes": [f"settings module {site.settings}: {site.reason}"] if site.guessed else [],
        }

    def site(self, scan: Scan) -> DjangoSite:
        if self.known is None or self.known[0] != scan.fingerprint:
            self.known = (scan.fingerprint, find_site(self.root, scan))
        return self.known[1]
