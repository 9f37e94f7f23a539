"""What a tool returns becomes data for the journal and text for the model, whatever it is."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aksara_agent.tools.output import MAX_CHARACTERS, for_model, json_able

CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)

PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary()
ANYTHING = st.recursive(
    PLAIN | st.datetimes() | st.decimals() | st.uuids() | st.builds(object),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(PLAIN, inner) | st.sets(st.integers()),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        ({"rows": [{"id": 1, "name": "Ada"}]}, {"rows": [{"id": 1, "name": "Ada"}]}),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00Z"),
        (Decimal("1.10"), "1.10"),
        (PurePosixPath("a/b.py"), "a/b.py"),
        ((1, {2}), [1, [2]]),
        (b"text", "text"),
        (float("nan"), "NaN"),
        ([float("-inf")], ["-Infinity"]),
        (b"\xff\x00", "b'\\xff\\x00'"),
        (CIRCLE, "[[...]]"),
        ("\ud800", "'\\ud800'"),
    ],
)
def test_a_value_becomes_the_json_that_is_nearest_to_it(value: Any, data: Any) -> None:
    assert json_able(value) == data


def test_an_object_without_a_json_form_becomes_its_text() -> None:
    class Money:
        def __str__(self) -> str:
            return "5 EUR"

    assert json_able({"price": Money()}) == {"price": "5 EUR"}


@given(ANYTHING)
def test_whatever_a_tool_returns_can_be_stored_as_strict_json_and_sent(value: Any) -> None:
    data = json_able(value)
    json.dumps(data, allow_nan=False)
    for_model(data).encode("utf-8")


def test_text_reaches_the_model_as_it_is_and_data_as_compact_json() -> None:
    assert for_model("Überschrift\n") == "Überschrift\n"
    assert for_model({"name": "Zoë", "tags": [1, 2]}) == '{"name":"Zoë","tags":[1,2]}'


def test_an_empty_answer_is_said_to_be_empty() -> None:
    assert for_model("") == "(empty result)"
    assert for_model(None) == "null"


def test_a_long_answer_is_cut_and_says_how_much_is_missing() -> None:
    text = for_model("x" * (MAX_CHARACTERS + 12_345))
    assert text.startswith("x" * MAX_CHARACTERS + "\n… cut: 12,345 more characters.")
    assert for_model("x" * MAX_CHARACTERS) == "x" * MAX_CHARACTERS
