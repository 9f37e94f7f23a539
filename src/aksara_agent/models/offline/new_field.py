"""A new field from the words of a task, and its column in the style of the neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = "string|text|integer|int|boolean|bool|datetime|timestamp|date|decimal|float"
FIELD_FIRST = re.compile(
    rf"\badd (?:an? |the )?(?:new )?(?:optional |nullable )?(?:(?P<kind>{KINDS}) )?['\"`]?(?P<name>[a-z]\w*)['\"`]? "
    r"(?:field|column|attribute)\b",
    re.IGNORECASE,
)
NAME_LAST = re.compile(
    rf"\badd (?:an? |the )?(?:new )?(?:optional |nullable )?(?:(?P<kind>{KINDS}) )?(?:field|column|attribute) "
    r"(?:called |named )?['\"`]?(?P<name>[a-z]\w*)['\"`]?",
    re.IGNORECASE,
)
BY_KIND = {
    "string": "str",
    "text": "text",
    "integer": "int",
    "int": "int",
    "boolean": "bool",
    "bool": "bool",
    "datetime": "datetime",
    "timestamp": "datetime",
    "date": "date",
    "decimal": "decimal",
    "float": "float",
}
BY_NAME = (
    (re.compile(r"_at$|^last_"), "datetime"),
    (re.compile(r"_on$|_date$|^birthday$"), "date"),
    (re.compile(r"^(is|has|can)_"), "bool"),
    (re.compile(r"_count$|^(age|quantity|views|position|rank)$"), "int"),
    (re.compile(r"^(price|amount|total|balance)$|_price$|_amount$"), "decimal"),
    (re.compile(r"^(bio|description|notes?|summary|content)$"), "text"),
)
LENGTHS = {"phone": 30, "slug": 200, "email": 254, "url": 500, "website": 500}


@dataclass(frozen=True, slots=True)
class NewField:
    """A field that may be empty, so that rows which exist need no value. ``kind`` is a value of BY_KIND."""

    name: str
    kind: str
    unique: bool = False

    @property
    def python(self) -> str:
        """The type in an annotation."""
        return {"text": "str", "decimal": "Decimal"}.get(self.kind, self.kind)

    @property
    def column(self) -> str | None:
        """The column type where the annotation does not say enough."""
        if self.kind == "str":
            return f"String({LENGTHS.get(self.name, 200)})"
        return {"text": "Text", "decimal": "Numeric(12, 2)"}.get(self.kind)

    @property
    def column_type(self) -> str:
        """The column type, spelled out."""
        names = {"int": "Integer", "bool": "Boolean", "datetime": "DateTime", "date": "Date", "float": "Float"}
        return self.column or names[self.kind]


def field_in(task: str) -> NewField | None:
    """The field that a task wants added."""
    found = NAME_LAST.search(task) or FIELD_FIRST.search(task)
    if found is None or found["name"].lower() in ("to", "field", "column"):
        return None
    name = found["name"]
    kind = BY_KIND[found["kind"].lower()] if found["kind"] else _kind_of(name)
    return NewField(name, kind, unique=name == "slug")


def _kind_of(name: str) -> str:
    return next((kind for pattern, kind in BY_NAME if pattern.search(name)), "str")
