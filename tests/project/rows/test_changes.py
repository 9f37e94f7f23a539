"""Creating, updating and deleting rows: what is checked, what is shown, what changes, and how it is taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from warehouse import Warehouse

from aksara_agent.project.failures import QueryError, WorkerError

SQLALCHEMY = ["sqlalchemy-sqlite", "sqlalchemy-postgresql"]


@pytest.mark.parametrize(
    ("model", "values", "message"),
    [
        ("Item", {"nam": "x"}, "Item has no field 'nam': did you mean 'name'"),
        ("Item", {"kind": "raw"}, r"a Item needs name \((String|CharField)\(20\)\)"),
        ("Item", {"name": None}, "name cannot be NULL"),
        ("Item", {"name": 5}, "name expects text, not 5"),
        ("Item", {"name": "x" * 21}, "name takes at most 20 characters, not 21"),
        ("Item", {"name": "x", "kind": "lost"}, "(?i)kind expects one of raw, done, not 'lost'"),
        ("Item", {"name": "x", "price": "dear"}, "price expects a number, not 'dear'"),
        ("Item", {"name": "x", "seen_at": "soon"}, "seen_at: 'soon' is not a date or time"),
        ("Item", {"name": "x", "supplier_id": "12"}, "supplier_id expects a UUID"),
        (
            "Item",
            {"name": "x", "photo": "00"},
            "photo is a (LargeBinary|BinaryField) column: its values cannot be set here",
        ),
        ("Shelf", {"name": "N", "items": [1]}, "Shelf.items is a relation: write its rows instead"),
        ("Item", {"name": "cursed"}, "no cursed items"),
        ("Item", {}, "values is an object"),
        ("Supplier", {"name": "x", "api_key": "k"}, "Supplier.api_key holds a secret: it can be neither read nor set"),
        ("Login", {"name": "x"}, "a Login needs password, which holds a secret and cannot be set here"),
        ("Shelf", {"name": "A"}, "(?i)unique|already exists"),
        ("Item", {"name": "x", "shelf_id": 99}, "(?i)foreign key|id 99 (does not exist|is not a valid)"),
        ("Shelf", [{"name": "N"}, {"name": "N"}], "(?i)unique|already exists"),
        ("Shelf", [], "0 rows are given; limit=100"),
        ("Shelf", [{"name": "N"}] * 101, "101 rows are given; limit=100"),
    ],
)
async def test_values_that_do_not_fit_are_refused_and_nothing_is_created(
    untouched: Warehouse, model: str, values: Any, message: str
) -> None:
    before = untouched.everything()
    with pytest.raises((QueryError, WorkerError), match=message):
        await untouched.apply(model, "create", values=values)
    assert untouched.everything() == before


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": 1, "values": {"id": 9}}, "id is the primary key of Item: it cannot be changed"),
        ({"key": 1, "values": {}}, "values is an object"),
        ({"key": 1, "values": {"name": None}}, "name cannot be NULL"),
        ({"key": 99, "values": {"name": "x"}}, "no Item matches: nothing was changed"),
        ({"key": "one", "values": {"name": "x"}}, "id expects a whole number"),
        ({"key": {"name": "nut"}, "values": {"name": "x"}}, "'name' is no part of the primary key"),
        ({"values": {"name": "x"}}, "give either key or filters"),
        ({"key": 1, "filters": {"id": 1}, "values": {"name": "x"}}, "give either key or filters"),
        ({"filters": {}, "values": {"name": "x"}}, "an empty filter matches every row"),
        ({"filters": {"nam": 1}, "values": {"name": "x"}}, "did you mean 'name'"),
        ({"filters": {"id__gt": 0}, "values": {"name": "x"}, "limit": 2}, "3 Item rows match, more than limit=2"),
        (
            {"filters": {"id__gt": 0}, "values": {"name": "x"}, "limit": 10_001},
            "limit is a whole number from 1 to 10,000",
        ),
    ],
)
async def test_an_update_says_what_is_wrong_and_changes_nothing(
    untouched: Warehouse, change: dict[str, Any], message: str
) -> None:
    before = untouched.everything()
    for step in (untouched.plan, untouched.apply):
        with pytest.raises(QueryError, match=message):
            await step("Item", "update", **change)
    assert untouched.everything() == before


async def test_a_new_row_gets_its_defaults_and_undo_takes_it_away(warehouse: Warehouse) -> None:
    before = warehouse.everything()
    values = [{"name": "cog", "price": 2.5, "extra": {"b": 1}, "seen_at": "2024-02-01"}, {"name": "pin"}]
    plan = await warehouse.plan("Item", "create", values=values)
    assert (plan["count"], [row["name"] for row in plan["after"]]) == (2, ["cog", "pin"])
    assert "filled by the model or the database: kind" in plan["notes"]
    assert warehouse.everything() == before
    result = await warehouse.apply("Item", "create", values=values)
    first, second = result["rows"]
    assert (first["kind"], first["price"], first["extra"], second["name"]) == ("raw", "2.50", {"b": 1}, "pin")
    assert result["keys"] == [{"id": first["id"]}, {"id": second["id"]}]
    undone = await warehouse.project.rows.undo([result["inverse"]])
    assert undone["deleted"] == [f"items id={first['id']}", f"items id={second['id']}"]
    assert warehouse.everything() == before


async def test_an_update_shows_before_and_after_runs_onupdate_and_is_taken_back(warehouse: Warehouse) -> None:
    before = warehouse.everything()
    change = {"filters": {"shelf__name": "B"}, "values": {"kind": "done", "price": None}}
    plan = await warehouse.plan("Item", "update", **change)
    assert [(row["kind"], row["price"]) for row in plan["before"]] == [("raw", "1.50"), ("done", None)]
    assert [(row["kind"], row["price"]) for row in plan["after"]] == [("done", None), ("done", None)]
    assert plan["statement"].replace('"', "").startswith("UPDATE items SET")
    result = await warehouse.apply("Item", "update", expected=plan["fingerprint"], **change)
    assert result["rows"][0]["changed_at"] == "2030-01-01T00:00:00"
    assert result["before"] == plan["before"]
    assert [row["kind"] for row in result["rows"]] == ["done", "done"]
    undone = await warehouse.project.rows.undo([result["inverse"]])
    own_save = ["items id=2"] if warehouse.is_django else []  # to SQLAlchemy the other one is as it should be
    assert undone["restored"] == ["items id=1", *own_save]
    assert warehouse.everything() == before


async def test_rows_with_uuid_and_composite_keys_are_found_by_them(warehouse: Warehouse) -> None:
    uuid = "00000000-0000-0000-0000-000000000001"
    before = warehouse.everything()
    renamed = await warehouse.apply("Supplier", "update", key=uuid, values={"name": "Renamed"})
    assert renamed["keys"] == [{"id": uuid}]
    assert "hunter2" not in json.dumps({**renamed, "inverse": None})
    key = {"item_id": 1, "day": "2024-01-02"}
    counted = await warehouse.apply("Stock", "update", key=key, values={"amount": 7})
    assert counted["rows"] == [{**key, "amount": 7}]
    created = await warehouse.apply("Supplier", "create", values={"name": "New"})
    gone = await warehouse.apply("Stock", "delete", key=key)
    assert gone["keys"] == [key]
    with pytest.raises(QueryError, match=r'the primary key of Stock is \{"item_id": …, "day": …\}, not 1'):
        await warehouse.apply("Stock", "delete", key=1)
    inverses = [result["inverse"] for result in (renamed, counted, created, gone)]
    await warehouse.project.rows.undo(inverses)
    assert warehouse.everything() == before


@pytest.mark.parametrize("copy", SQLALCHEMY, indirect=True)
async def test_a_relation_is_set_by_its_column(untouched: Warehouse) -> None:
    with pytest.raises(QueryError, match=r"Item\.shelf is a relation: set shelf_id instead"):
        await untouched.apply("Item", "create", values={"name": "x", "shelf": 1})


@pytest.mark.parametrize("copy", SQLALCHEMY, indirect=True)
async def test_a_table_without_primary_key_is_left_alone(untouched: Warehouse) -> None:
    before = untouched.everything()
    for action, change in (("update", {"values": {"number": "2"}}), ("delete", {}), ("create", {})):
        change = {"values": {"text": "n", "number": "3"}} if action == "create" else {"key": "t", **change}
        with pytest.raises(QueryError, match="table notes has no primary key of its own"):
            await untouched.apply("Note", action, **change)
    assert untouched.everything() == before


async def test_rows_of_an_inheriting_model_live_in_both_tables(warehouse: Warehouse) -> None:
    before = warehouse.everything()
    created = await warehouse.apply("Truck", "create", values={"wheels": 8, "load": 20})
    assert warehouse.sql("SELECT type, load FROM vehicles JOIN trucks USING (id) WHERE wheels = 8") == [("truck", 20)]
    changed = await warehouse.apply("Truck", "update", key=2, values={"wheels": 4, "load": 1})
    assert warehouse.sql("SELECT wheels, load FROM vehicles JOIN trucks USING (id) WHERE id = 2") == [(4, 1)]
    gone = await warehouse.apply("Vehicle", "delete", key=2, cascade=True)
    assert warehouse.sql("SELECT count(*) FROM trucks WHERE id = 2") == [(0,)]
    await warehouse.project.rows.undo([created["inverse"], changed["inverse"], gone["inverse"]])
    assert warehouse.everything() == before


async def test_a_delete_tells_what_goes_with_it_and_asks_for_consent(warehouse: Warehouse) -> None:
    before = warehouse.everything()
    with pytest.raises(QueryError, match=r"it would also delete 2 rows by stock\.item_id; say cascade=true"):
        await warehouse.plan("Item", "delete", key=1)
    plan = await warehouse.plan("Item", "delete", key=1, cascade=True)
    assert plan["related"] == [{"table": "stock", "action": "delete", "through": "stock.item_id", "count": 2}]
    result = await warehouse.apply("Item", "delete", expected=plan["fingerprint"], key=1, cascade=True)
    assert warehouse.sql("SELECT count(*) FROM stock") == [(2,)]
    undone = await warehouse.project.rows.undo([result["inverse"]])
    assert "items id=1" in undone["reinserted"]
    assert len(undone["reinserted"]) == 3
    assert warehouse.everything() == before


async def test_the_rules_of_the_orm_are_followed_too(warehouse: Warehouse) -> None:
    """Supplier's contracts go with it (cascade="all"), a shelf's items lose their shelf, and shelves are a tree."""
    before = warehouse.everything()
    two = await warehouse.apply("Supplier", "delete", filters={"name": "Two"}, cascade=True)
    assert two["related"] == [
        {"table": "contracts", "action": "delete", "through": "contracts.supplier_id", "count": 2}
    ]
    shelf = await warehouse.apply("Shelf", "delete", key=2, cascade=True)
    assert shelf["related"] == [{"table": "items", "action": "set null", "through": "items.shelf_id", "count": 2}]
    assert warehouse.sql("SELECT count(*) FROM items WHERE shelf_id IS NULL") == [(3,)]
    tree = await warehouse.apply("Shelf", "delete", key=1, cascade=True)
    assert warehouse.sql("SELECT id FROM shelves") == [(4,)]
    await warehouse.project.rows.undo([two["inverse"], shelf["inverse"], tree["inverse"]])
    assert warehouse.everything() == before


async def test_no_row_is_left_referring_to_nothing(untouched: Warehouse) -> None:
    before = untouched.everything()
    with pytest.raises(
        QueryError, match=r"1 rows by items\.supplier_id still refer to it; change or delete them first"
    ):
        await untouched.apply("Supplier", "delete", filters={"name": "One"}, cascade=True)
    assert untouched.everything() == before


async def test_rows_that_changed_after_the_preview_are_not_touched(warehouse: Warehouse) -> None:
    change = {"filters": {"shelf_id": 2}, "values": {"kind": "done"}}
    plan = await warehouse.plan("Item", "update", **change)
    warehouse.sql("UPDATE items SET shelf_id = 2 WHERE id = 3")
    with pytest.raises(QueryError, match=r"the rows changed after they were approved \(2 then, 3 now\)"):
        await warehouse.apply("Item", "update", expected=plan["fingerprint"], **change)
    delete = await warehouse.plan("Item", "delete", key=2, cascade=True)
    warehouse.sql("INSERT INTO stock VALUES (2, '2024-03-03', 1)")
    with pytest.raises(QueryError, match="the rows changed after they were approved"):
        await warehouse.apply("Item", "delete", expected=delete["fingerprint"], key=2, cascade=True)
    secret = await warehouse.plan("Supplier", "update", filters={"name": "One"}, values={"name": "1"})
    warehouse.sql("UPDATE suppliers SET api_key = 'other' WHERE name = 'One'")
    with pytest.raises(QueryError, match="the rows changed after they were approved"):
        await warehouse.apply(
            "Supplier", "update", expected=secret["fingerprint"], filters={"name": "One"}, values={"name": "1"}
        )
    assert warehouse.sql("SELECT count(*) FROM items WHERE lower(CAST(kind AS VARCHAR)) = 'done'") == [(1,)]


async def test_undo_restores_secrets_that_it_never_shows(warehouse: Warehouse) -> None:
    before = warehouse.everything()
    warehouse.sql("UPDATE items SET supplier_id = NULL")
    result = await warehouse.apply("Supplier", "delete", filters={"name": "One"})
    assert "hunter2" not in json.dumps({**result, "inverse": None})
    await warehouse.project.rows.undo([result["inverse"]])
    assert warehouse.everything()["suppliers"] == before["suppliers"]


async def test_undo_is_refused_when_a_place_was_taken_since(warehouse: Warehouse) -> None:
    gone = await warehouse.apply("Shelf", "delete", key=4)
    warehouse.sql("INSERT INTO shelves (id, name) VALUES (4, 'mine')")
    before = warehouse.everything()
    with pytest.raises(QueryError, match="shelves id=4 changed after the run"):
        await warehouse.project.rows.undo([gone["inverse"]])
    warehouse.sql("DELETE FROM shelves WHERE id = 4")
    warehouse.sql("INSERT INTO shelves (id, name) VALUES (44, 'Z')")
    with pytest.raises(QueryError, match=r"(?i)nothing was written, the database refused: .*unique"):
        await warehouse.project.rows.undo([gone["inverse"]])
    assert before["items"] == warehouse.everything()["items"]


@pytest.mark.thorough("postgresql")
async def test_ten_thousand_rows_are_changed_and_restored(warehouse: Warehouse) -> None:
    raw = "raw" if warehouse.is_django else "RAW"
    warehouse.sql(
        "INSERT INTO items (name, kind) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9997)"
        f" SELECT 'many', '{raw}' FROM n"
    )
    before = warehouse.everything()
    with pytest.raises(QueryError, match="10,000 Item rows match, more than limit=100"):
        await warehouse.apply("Item", "update", filters={"id__gt": 0}, values={"name": "same"})
    result = await warehouse.apply("Item", "update", filters={"id__gt": 0}, values={"name": "same"}, limit=10_000)
    assert (result["updated"], len(result["rows"])) == (10_000, 20)
    assert warehouse.sql("SELECT count(*) FROM items WHERE name = 'same'") == [(10_000,)]
    await warehouse.project.rows.undo([result["inverse"]])
    assert warehouse.everything() == before


@pytest.mark.parametrize("copy", SQLALCHEMY, indirect=True)
async def test_all_or_nothing_holds_even_for_an_engine_that_commits_by_itself(warehouse: Warehouse) -> None:
    models = warehouse.project.root / "models.py"
    models.write_text(
        models.read_text().replace("create_engine(URL)", 'create_engine(URL, isolation_level="AUTOCOMMIT")')
    )
    before = warehouse.everything()
    with pytest.raises(QueryError, match=r"(?i)unique"):  # with the second of two statements
        await warehouse.apply("Shelf", "create", values=[{"name": "N", "id": 50}, {"name": "A"}])
    assert warehouse.everything() == before
    result = await warehouse.apply("Item", "delete", key=1, cascade=True)
    await warehouse.project.rows.undo([result["inverse"]])
    assert warehouse.everything() == before
