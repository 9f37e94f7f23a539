"""Which tables refer to which, and what becomes of a reference when its row is deleted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from .load import mapped_classes

DELETE, EMPTY, REFUSE = "delete", "set null", "refuse"
BY_DATABASE = {"CASCADE": DELETE, "SET NULL": EMPTY}


class Reference:
    """A foreign key: `columns` of `table` hold the values of `targets`; `rule` says what a delete does to it."""

    def __init__(self, constraint: Any, rule: str) -> None:
        self.table = constraint.table
        self.columns = [element.parent for element in constraint.elements]
        self.targets = [element.column for element in constraint.elements]
        self.rule = rule

    @property
    def name(self) -> str:
        return "{}.{}".format(self.table.fullname, "+".join(column.name for column in self.columns))


def references() -> dict[Any, list[Reference]]:
    """Every foreign key of the project's metadata, by the table that it refers to."""
    rules = relation_rules()
    found: dict[Any, list[Reference]] = {}
    for table in tables().values():
        for constraint in table.foreign_key_constraints:
            try:
                target = constraint.referred_table
                rule = rule_of(constraint, rules)
                found.setdefault(target, []).append(Reference(constraint, rule))
            except SQLAlchemyError:
                continue  # it refers to a table that no model declares
    return found


def tables() -> dict[str, Any]:
    """All tables of the project by full name; the mapped ones first where two metadata share a name."""
    found: dict[str, Any] = {}
    for model in mapped_classes():
        for table in inspect(model).tables:
            if hasattr(table, "metadata") and hasattr(table, "fullname"):
                found.setdefault(table.fullname, table)
    for table in list(found.values()):
        for name, other in table.metadata.tables.items():
            found.setdefault(name, other)
    return found


def rule_of(constraint: Any, relations: dict[Any, str]) -> str:
    """The database's rule, else what the project's ORM does. A row is never left with a reference to nothing."""
    declared = BY_DATABASE.get((constraint.ondelete or "").upper())
    rule = declared or relations.get(frozenset(element.parent for element in constraint.elements)) or REFUSE
    nullable = all(element.parent.nullable for element in constraint.elements)
    if rule == EMPTY and not (nullable and list(constraint.table.primary_key.columns)):
        return REFUSE
    return rule


def relation_rules() -> dict[Any, str]:
    """What relationship() and inheritance say, by the columns that refer."""
    rules: dict[Any, str] = {}
    for model in mapped_classes():
        mapper = inspect(model)
        if mapper.inherits is not None and mapper.local_table is not mapper.inherits.local_table:
            rules[frozenset(mapper.local_table.primary_key.columns)] = DELETE
        for relation in mapper.relationships:
            pairs = relation.local_remote_pairs or []
            columns = frozenset(remote for _, remote in pairs if getattr(remote, "foreign_keys", None))
            if relation.direction.name == "ONETOMANY" and not relation.viewonly:
                rules[columns] = DELETE if relation.cascade.delete else rules.get(columns, orm_rule(relation))
            elif relation.direction.name == "MANYTOMANY" and not relation.viewonly:
                for side in (relation.synchronize_pairs, relation.secondary_synchronize_pairs):
                    rules[frozenset(remote for _, remote in side)] = DELETE
    return rules


def orm_rule(relation: Any) -> str:
    """Without a cascade the ORM empties the reference, unless it was told to leave that to the database."""
    return REFUSE if relation.passive_deletes == "all" else EMPTY
