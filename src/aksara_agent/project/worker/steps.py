"""Creating, updating and deleting rows inside the transaction; each returns its result and the rows it changed."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from sqlalchemy import inspect, select
from sqlalchemy.orm import lazyload
from sqlalchemy.orm.attributes import set_attribute

from .affected import Affected, named_key, shown_rows
from .failures import RequestError
from .given import checked_values
from .images import among, key_of, parts, read, reread
from .plan import new_rows
from .stored import encode, selected

Changed = Tuple[Any, Optional[Any], Optional[Any]]  # table, row before, row after
Step = Tuple["dict[str, Any]", "list[Changed]"]


def create(model: Any, session: Any, change: dict[str, Any], expected: str | None) -> Step:
    """Add the rows through the ORM, so that its defaults, validators and events work."""
    instances = []
    for values in new_rows(model, change):
        instance = new_instance(inspect(model))
        for field, value in values.items():
            set_attribute(instance, field, value)
        instances.append(instance)
    session.add_all(instances)
    session.flush()
    connection = session.connection()
    keys = [stored_key(model, connection, instance) for instance in instances]
    changed: list[Changed] = [
        (table, None, row) for table in tables_of(model) for row in by_key(table, keys, connection)
    ]
    return outcome("created", model, connection, keys), changed


def update(model: Any, session: Any, change: dict[str, Any], expected: str | None) -> Step:
    """Set the fields through the ORM, so that onupdate, validators and events work."""
    values, connection = checked_values(model, change.get("values"), False), session.connection()
    affected = Affected(model, change, connection, lock=True)
    affected.check(expected)
    shown = shown_rows(model, connection, affected.keys)
    for part in parts(affected.keys):
        condition = among(list(inspect(model).primary_key), part, connection.dialect.name)
        for instance in session.execute(select(model).where(condition).options(lazyload("*"))).scalars():
            for field, value in values.items():
                set_attribute(instance, field, value)
    session.flush()
    changed: list[Changed] = []
    for table, images in affected.images:
        now = reread(connection, table, images)
        if len(now) != len(images):
            message = "{} of {} rows went away: nothing was written"
            raise RequestError(message.format(len(images) - len(now), len(images)))
        pairs = [(image, now[key_of(table, image)]) for image in images]
        changed += [(table, before, after) for before, after in pairs if before != after]
    return dict(outcome("updated", model, connection, affected.keys), before=shown), changed


def delete(model: Any, session: Any, change: dict[str, Any], expected: str | None) -> Step:
    """Delete the rows and what goes with them, one table after the other, so that each row is known and counted."""
    connection = session.connection()
    affected = Affected(model, change, connection, lock=True)
    affected.check(expected)
    affected.refuse_side_effects(bool(change.get("cascade")))
    result = outcome("deleted", model, connection, affected.keys)
    return dict(result, related=affected.removal.related()), affected.removal.carry_out()


STEPS = {"create": create, "update": update, "delete": delete}


def new_instance(mapper: Any) -> Any:
    """An object without __init__, which may ask for anything; it knows its place in an inheritance."""
    instance = mapper.class_manager.new_instance()
    kind = mapper.polymorphic_on
    if (
        kind is not None
        and mapper.polymorphic_identity is not None
        and any(column is kind for column in mapper.columns)
    ):
        set_attribute(instance, mapper.get_property_by_column(kind).key, mapper.polymorphic_identity)
    return instance


def stored_key(model: Any, connection: Any, instance: Any) -> list[Any]:
    """The primary key of a new row as the database holds it."""
    mapper, dialect = inspect(model), connection.dialect.name
    columns, values = mapper.primary_key, mapper.primary_key_from_instance(instance)
    condition = [column == value for column, value in zip(columns, values)]
    row = connection.execute(select(*[selected(column, dialect) for column in columns]).where(*condition)).one()
    return [encode(column, value) for column, value in zip(columns, row)]


def tables_of(model: Any) -> list[Any]:
    return list(inspect(model).tables)


def by_key(table: Any, keys: list[list[Any]], connection: Any) -> list[dict[str, Any]]:
    """The rows of a table with these primary keys of the model."""
    columns = list(table.primary_key.columns)
    if not columns or len(columns) != len(keys[0]):
        raise RequestError("table {} has no primary key of its own: no row can be told apart".format(table.fullname))
    found = []
    for part in parts(keys):
        found += read(connection, table, among(columns, part, connection.dialect.name))
    return found


def outcome(word: str, model: Any, connection: Any, keys: list[list[Any]]) -> dict[str, Any]:
    """How many rows, and the first of them as a query would show them."""
    rows = shown_rows(model, connection, keys)
    return {word: len(keys), "keys": [named_key(model, row) for row in rows], "rows": rows}
