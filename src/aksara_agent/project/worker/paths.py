"""Fields reached over to-one relations ("author__name"), joined once each."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import aliased

from .mapped import NAMES


class Paths:
    """Resolves field paths of one model and remembers the joins they need."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.joined: dict[tuple[str, ...], tuple[Any, Any]] = {}

    def resolve(self, path: str) -> tuple[Any, Any]:
        """(attribute to select, its column). RequestError for unknown, hidden or to-many paths."""
        steps, name, column = NAMES.follow(self.model, path)
        entity: Any = self.model
        way: tuple[str, ...] = ()
        for step, relation in steps:
            way = (*way, step)
            entity = self.join(way, entity, relation)
        return getattr(entity, name), column

    def join(self, way: tuple[str, ...], entity: Any, relation: Any) -> Any:
        if way not in self.joined:
            target = aliased(relation.mapper.class_)
            self.joined[way] = (target, getattr(entity, relation.key).of_type(target))
        return self.joined[way][0]

    def apply(self, statement: Any) -> Any:
        """The statement with every join; a to-one outer join never repeats a row."""
        for _, link in self.joined.values():
            statement = statement.outerjoin(link)
        return statement
