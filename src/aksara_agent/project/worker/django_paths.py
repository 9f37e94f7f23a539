"""Fields and orders of a request as paths of Django's ORM."""

from __future__ import annotations

from typing import Any

from .django_names import NAMES
from .page import order_list


def orm_path(model: Any, name: str) -> str:
    """The path for the ORM. By attname: an order by the relation would follow the other model's ordering."""
    steps, field, column = NAMES.follow(model, name)
    return "__".join([step for step, _ in steps] + [field if field == "pk" else column.attname])


def signed(request: dict[str, Any]) -> list[tuple[Any, str]]:
    return [(name, "-" if descending else "") for name, descending in order_list(request.get("order_by"))]
