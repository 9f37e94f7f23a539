"""What every framework's adapter can do. The rest of the package speaks only to this."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from .description import Framework, QueryPage, QueryRequest
from .scan import Scan
from .scan_models import StaticModel


class Adapter(Protocol):
    """Answers about live models. Methods raise WorkerError when the project cannot be imported."""

    @property
    def frameworks(self) -> Iterable[Framework]: ...

    async def describe(self, scan: Scan, model: StaticModel, *, with_rows: bool) -> dict[str, Any]: ...

    async def query(self, scan: Scan, model: StaticModel, request: QueryRequest) -> QueryPage: ...

    async def migrations(self, scan: Scan, request: dict[str, Any], *, seconds: float) -> dict[str, Any]: ...
    async def close(self) -> None: ...
