"""One entry of the ledger, whatever the framework: what stands in it and how it is read."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from .failures import RequestError

NAME = "aksara_ledger"


def new_entry(call: dict[str, str], change: dict[str, Any]) -> dict[str, Any]:
    """The values that reserve the place of a call."""
    return dict(call, request_hash=hash_of(change), created_at=dt.datetime.now(dt.timezone.utc).replace(tzinfo=None))


def same_request(request_hash: str, call: dict[str, str], change: dict[str, Any]) -> None:
    """RequestError when the call that stands in the ledger asked for something else."""
    if request_hash != hash_of(change):
        raise RequestError("call {} of the run stands in the ledger with another request".format(call["call_id"]))


def as_text(result: dict[str, Any], inverse: dict[str, Any] | None) -> dict[str, str]:
    return {"result": json.dumps(result), "inverse": json.dumps(inverse)}


def from_text(result: str, inverse: str) -> dict[str, Any]:
    return dict(json.loads(result), inverse=json.loads(inverse))


def hash_of(change: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(change, sort_keys=True).encode("utf-8")).hexdigest()
