"""The pieces of one SQL statement: names come from the models alone, values are always parameters."""

from __future__ import annotations

from typing import Any, Callable

from aksara.db import quote_identifier

from .aksara_values import CASTS


class Statement:
    """Gives out aliases and collects the values that its placeholders stand for."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.aliases = 0

    def alias(self) -> str:
        self.aliases += 1
        return "t{}".format(self.aliases)

    def bind(self, value: Any, kind: Any, many: bool = False) -> str:
        """ "$3::numeric"."""
        self.values.append(value)
        return "${}::{}{}".format(len(self.values), CASTS[kind], "[]" if many else "")


def select(what: str, source: str, *clauses: str) -> str:
    """A statement or sub-query of SQL that was made here, never of text from a request."""
    return " ".join(["SELECT", what, "FROM", source, *(clause for clause in clauses if clause)])


def table(model: Any, alias: str) -> str:
    return "{} AS {}".format(quote_identifier(model.__tablename__), alias)


def column(alias: str, name: str) -> str:
    return "{}.{}".format(alias, quote_identifier(name))


def joined(statement: Statement, relation: Any, here: str, there: str) -> tuple[str, str]:
    """(FROM, ON) that lead from the row `here` to the related rows `there`."""
    field = relation.field
    target = table(relation.target, there)
    if relation.direction != "ManyToMany":
        key, owner = (here, there) if relation.own else (there, here)
        return target, "{} = {}".format(column(owner, "id"), column(key, field.db_column_name))
    through = statement.alias()
    ends = [field.source_column, field.target_column]
    ours, theirs = ends if relation.own else reversed(ends)
    source = "{} AS {} JOIN {} ON {} = {}".format(
        quote_identifier(field.join_table_name), through, target, column(there, "id"), column(through, theirs)
    )
    return source, "{} = {}".format(column(through, ours), column(here, "id"))


class Paths:
    """Fields of one model and of those its to-one relations lead to, joined once each."""

    def __init__(self, statement: Statement, model: Any, alias: str, follow: Callable[[Any, Any], Any]) -> None:
        self.statement, self.model, self.alias, self.follow = statement, model, alias, follow
        self.joins: dict[tuple[str, ...], tuple[str, str]] = {}

    def resolve(self, path: Any) -> tuple[str, Any]:
        """(SQL of the column, its field). RequestError for unknown, hidden or to-many paths."""
        steps, _, field = self.follow(self.model, path)
        alias = self.alias
        way: tuple[str, ...] = ()
        for step, relation in steps:
            way = (*way, step)
            if way not in self.joins:
                there = self.statement.alias()
                join = "LEFT JOIN {} ON {}".format(*joined(self.statement, relation, alias, there))
                self.joins[way] = (there, join)
            alias = self.joins[way][0]
        return column(alias, field.column_name), field

    def source(self) -> str:
        """A to-one outer join never repeats a row."""
        return " ".join([table(self.model, self.alias), *(join for _, join in self.joins.values())])
