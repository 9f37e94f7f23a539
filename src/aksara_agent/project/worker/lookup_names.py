"""The lookups of the filter language: Django's names, the same for every framework."""

from __future__ import annotations

from typing import Any

from .failures import RequestError

LOOKUPS = ["exact", "iexact", "ne", "gt", "gte", "lt", "lte", "in", "range", "isnull"]
LOOKUPS += ["contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"]
TEXT_LOOKUPS = {name for name in LOOKUPS if name.endswith(("contains", "with")) or name == "iexact"}
# A row whose value is NULL is silently missing from these.
SKIP_NULLS = {"ne", "gt", "gte", "lt", "lte", "range"}
LARGEST_LIST = 500


def check_shape(field: str, lookup: str, value: Any) -> None:
    """RequestError when the value of isnull, in or range has the wrong form."""
    if lookup == "isnull" and not isinstance(value, bool):
        raise RequestError("{}__isnull expects true or false, not {!r}".format(field, value))
    if lookup not in ("in", "range"):
        return
    if not isinstance(value, list) or len(value) > LARGEST_LIST:
        message = "{}__{} expects a list of at most {} values, not {:.80}"
        raise RequestError(message.format(field, lookup, LARGEST_LIST, repr(value)))
    if lookup == "range" and len(value) != 2:
        raise RequestError("{}__range expects [low, high], not {!r}".format(field, value))
