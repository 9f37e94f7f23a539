"""Fields reached over to-one relations ("author__name"), joined once each."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import aliased

from .failures import RequestError
from .mapped import NAMES, relations_of


class Paths:
    """Resolves field paths of one model and remembers the joins they need."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.joined: dict[tuple[str, ...], tuple[Any, Any]] = {}

    def resolve(self, path: str) -> tuple[Any, Any]:
        """(attribute to select, its column). RequestError for unknown, hidden or to-many paths."""
        if not isinstance(path, str):
            raise RequestError('a field is a name such as "title" or "author__name", not {!r}'.format(path))
        model, entity, names = self.model, self.model, path.split("__")
        for depth, name in enumerate(names[:-1], start=1):
            relation = relations_of(model).get(name)
            if relation is None:
                break
            if relation.uselist:
                message = "{} leads to many rows: use it in filters, or query {} itself"
                raise RequestError(message.format(path, relation.mapper.class_.__qualname__))
            model, entity = self.join(tuple(names[:depth]), entity, relation)
        else:
            self.refuse_relation(model, names[-1], path)
            return getattr(entity, names[-1], None), NAMES.visible_column(model, names[-1])
        return getattr(entity, path, None), NAMES.visible_column(model, path)

    def join(self, path: tuple[str, ...], entity: Any, relation: Any) -> tuple[Any, Any]:
        if path not in self.joined:
            target = aliased(relation.mapper.class_)
            self.joined[path] = (target, getattr(entity, relation.key).of_type(target))
        return relation.mapper.class_, self.joined[path][0]

    def refuse_relation(self, model: Any, name: str, path: str) -> None:
        if name in relations_of(model):
            target = relations_of(model)[name].mapper.class_.__qualname__
            raise RequestError("{0} is a relation to {1}; name one of its fields, such as {0}__id".format(path, target))

    def apply(self, statement: Any) -> Any:
        """The statement with every join; a to-one outer join never repeats a row."""
        for _, link in self.joined.values():
            statement = statement.outerjoin(link)
        return statement
