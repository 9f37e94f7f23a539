"""Rows of a Django project through the runtime: shown, changed, exported, cleaned up, taken back."""

from __future__ import annotations

import csv
import re
import sqlite3
from pathlib import Path
from typing import Any

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says


def sql(site: Path, *statements: str) -> list[tuple[Any, ...]]:
    """The rows of the last statement."""
    connection = sqlite3.connect(site / "shop.sqlite3")
    with connection:
        rows = [connection.execute(statement).fetchall() for statement in statements][-1]
    connection.close()
    return rows


async def test_an_update_is_shown_made_as_approved_and_taken_back(own_site: Path) -> None:
    asked: list[str] = []

    def approve(tool: str, params: dict[str, Any], request: dict[str, Any]) -> bool:
        asked.append(request["preview"])
        return True

    before = sql(own_site, "SELECT * FROM shop_product ORDER BY id")
    change = call("update_record", model="shop.Product", filters={"stock": 0}, values={"status": "gone", "price": None})
    model = ScriptedModel(calls(change), says("Done."))
    async with AgentRuntime(own_site, model=model, approval_callback=approve) as runtime:
        result = await runtime.execute("Take what is sold out off sale", mode="supervised")
        assert (result.actions[0].status, result.actions[0].output["updated"]) == ("done", 4)
        assert asked[0].startswith("update 4 shop.Product rows\n")
        assert '-   status: "draft"\n+   status: "gone"' in asked[0]
        assert 'SQL: UPDATE "shop_product" SET "status" = %s, "price" = NULL WHERE' in asked[0]
        assert sql(own_site, "SELECT DISTINCT status, price FROM shop_product WHERE stock = 0") == [("gone", None)]
        undone = await runtime.undo(result.run_id)
    assert len(undone.restored_rows) == 4
    assert sql(own_site, "SELECT * FROM shop_product ORDER BY id") == before


async def test_users_who_have_not_logged_in_are_exported_without_a_language_model(own_site: Path) -> None:
    sql(
        own_site,
        "UPDATE accounts_user SET last_login = datetime('now', '-100 days') WHERE username = 'ada'",
        "UPDATE accounts_user SET last_login = datetime('now', '-1 days') WHERE username = 'bob'",
        "UPDATE accounts_user SET nickname = '=1+1' WHERE username = 'ada'",
    )
    async with AgentRuntime(own_site) as runtime:
        result = await runtime.execute("Find users who haven't logged in for 90 days and export to CSV")
    assert result.output_file == "inactive_users.csv"
    assert "I exported 4 User rows" in result.output
    assert "NULL" not in result.output, "the filter itself says what becomes of them"
    with (own_site / "inactive_users.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["username"] for row in rows) == ["ada", "cyd", "dan", "eve"]
    assert {row["nickname"] for row in rows if row["username"] == "ada"} == {"'=1+1"}
    assert not {"password", "api_token"} & set(rows[0])


async def test_duplicate_users_go_unless_something_belongs_to_them(own_site: Path) -> None:
    sql(
        own_site,
        "UPDATE accounts_user SET email = 'ada@example.org' WHERE username = 'ada'",
        "UPDATE accounts_user SET email = 'Ada@Example.Org' WHERE username = 'bob'",
        "UPDATE accounts_user SET email = 'ADA@EXAMPLE.ORG' WHERE username = 'eve'",
    )
    async with AgentRuntime(own_site, approval_callback=lambda tool, params: True) as runtime:
        result = await runtime.execute("Clean up duplicate users", mode="supervised")
        assert "kept 1 (the oldest of each), deleted 1, left 1" in result.output
        assert re.search(r"- id=2, Ada@Example\.Org: .*\b4 shop\.Product\b", result.output)
        assert sql(own_site, "SELECT username FROM accounts_user") == [("ada",), ("bob",), ("cyd",), ("dan",)]
        undone = await runtime.undo(result.run_id)
    assert undone.reinserted_rows == ["accounts_user id=5"]
    assert sql(own_site, "SELECT count(*) FROM accounts_user WHERE password = 'hash'") == [(5,)]
