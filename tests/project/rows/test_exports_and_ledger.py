"""Exports on both databases, and the ledger's table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from warehouse import Warehouse

from aksara_agent.project.failures import QueryError


async def test_every_kind_of_value_is_exported_whole(untouched: Warehouse, tmp_path: Path) -> None:
    fields = ["id", "kind", "price", "extra", "photo", "supplier_id"]
    done = await untouched.project.rows.export({"model": "Item", "fields": fields}, tmp_path / "items.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text().splitlines()]
    assert done["rows"] == 3
    assert rows[0] == {
        "id": 1,
        "kind": "raw",
        "price": "1.50",
        "extra": None,
        "photo": "AP8=",
        "supplier_id": "00000000-0000-0000-0000-000000000001",
    }
    assert rows[1]["extra"] == {"a": [1, None]}
    await untouched.project.rows.export({"model": "Item", "fields": ["id", "extra"]}, tmp_path / "items.csv")
    assert (tmp_path / "items.csv").read_bytes().splitlines()[2] == b'2,"{""a"": [1, null]}"'


async def test_the_ledger_knows_what_a_call_did_and_does_it_once(warehouse: Warehouse) -> None:
    rows, call = warehouse.project.rows, warehouse.call()
    assert await rows.find_call(call) == {"ledger": False, "entry": None}
    assert await rows.create_ledger() is True
    assert await rows.create_ledger() is False
    assert await rows.find_call(call) == {"ledger": True, "entry": None}
    first = await rows.apply({"model": "Shelf", "action": "create", "values": {"name": "L"}}, call)
    again = await rows.apply({"model": "Shelf", "action": "create", "values": {"name": "L"}}, call)
    assert first == again == (await rows.find_call(call))["entry"]
    assert warehouse.sql("SELECT count(*) FROM shelves WHERE name = 'L'") == [(1,)]
    refused = warehouse.call()
    for _ in range(2):
        with pytest.raises(QueryError, match="the database refused"):
            await rows.apply({"model": "Shelf", "action": "create", "values": {"name": "L"}}, refused)
    assert (await rows.find_call(refused))["entry"] is None
