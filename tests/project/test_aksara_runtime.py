"""An agent on an Aksara project, through the public door; its interpreter is found in the project's own .venv."""

from collections.abc import AsyncIterator

import pytest
from aksara_shop import AksaraShop

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says


@pytest.fixture
async def on_aksara(own_aksara: AksaraShop) -> AsyncIterator[AksaraShop]:
    (own_aksara.root / ".venv").symlink_to(own_aksara.python.parents[1])
    yield own_aksara


async def test_models_are_listed_described_and_asked(on_aksara: AksaraShop) -> None:
    question = {"tags__name": "sale", "price__gt": 2}
    model = ScriptedModel(
        calls(call("list_models"), call("describe_model", model="shop.Product")),
        calls(call("query_records", model="shop.Product", filters=question, order_by=["-price"], fields=["slug"])),
        says("Done."),
    )
    async with AgentRuntime(on_aksara.root, model=model) as runtime:
        result = await runtime.execute("Which products are on sale?")
    assert result.success, result.error
    listed, described, asked = (action.output for action in result.actions)
    assert {"name": "Review", "table": "reviews"}.items() <= next(
        item for item in listed["models"] if item["name"] == "Review"
    ).items()
    assert (described["source"], described["row_count"]) == ("live", 16)
    assert {finding["rule"] for finding in described["findings"]} >= {"foreign-key-without-index"}
    assert [row["slug"] for row in asked["rows"]] == ["p03", "p10", "p11", "p02"]


async def test_the_model_hears_what_it_may_not_read_and_how_to_ask_right(on_aksara: AksaraShop) -> None:
    model = ScriptedModel(
        calls(
            call("query_records", model="User", fields=["email"]),
            call("query_records", model="AuditEntry"),
            call("query_records", model="User", filters={"usrname": "ada"}),
            call("query_records", model="Usr"),
            call("query_records", model="User", filters={"points__gt": "many"}),
        ),
        says("I see."),
    )
    async with AgentRuntime(on_aksara.root, model=model) as runtime:
        result = await runtime.execute("Show all e-mail addresses")
    assert [action.status for action in result.actions] == ["failed"] * 5
    said = [str(action.error) for action in result.actions]
    assert "User.email is marked ai_sensitive" in said[0]
    assert "the rows of AuditEntry are kept from agents" in said[1]
    assert "did you mean 'username'" in said[2]
    assert "Did you mean User" in said[3]
    assert "points expects a whole number, not 'many'" in said[4]


async def test_the_offline_model_finds_missing_indexes(on_aksara: AksaraShop) -> None:
    async with AgentRuntime(on_aksara.root, model="offline") as runtime:
        result = await runtime.execute("Find all models without indexes and suggest additions")
    assert result.success, result.error
    found = next(item for item in result.findings if "Review.product references products.id" in item["issue"])
    assert (found["file"], found["verified"]) == ("shop/models.py", True)
    assert "op.AddIndex(op.IndexOp(name='ix_reviews_product_id'" in found["fix"]
