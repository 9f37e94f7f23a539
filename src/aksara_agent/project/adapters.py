"""Which adapter serves which framework."""

from __future__ import annotations

from pathlib import Path

from .adapter import Adapter
from .aksara_adapter import AksaraAdapter
from .description import Framework
from .django_adapter import DjangoAdapter
from .sqlalchemy_adapter import SqlAlchemyAdapter


def make_adapters(root: Path, python: Path, *, seconds: float) -> dict[Framework, Adapter]:
    """One adapter for each framework we can ask; a repository may use several. No worker starts here."""
    adapters: list[Adapter] = [
        SqlAlchemyAdapter(root, python, seconds=seconds),
        DjangoAdapter(root, python, seconds=seconds),
        AksaraAdapter(root, python, seconds=seconds),
    ]
    return {framework: adapter for adapter in adapters for framework in adapter.frameworks}
