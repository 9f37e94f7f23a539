"""Where the database and an Aksara model differ, also where Aksara's migrations never make what is declared."""

from __future__ import annotations

from typing import Any

from .aksara_catalog import Live

INDEX = "op.AddIndex(op.IndexOp(name='ix_{0}_{1}', table='{0}', columns=['{1}']))"


def differences(model: Any, live: Live) -> list[str]:
    """One sentence for each, with what to do."""
    table = model.__tablename__
    notes = missing_join_tables(model, live)
    if not live.columns:
        return ["table {} is not in the database yet; run aksara migrate".format(table), *notes]
    declared = {field.column_name for field in model._fields.values()}
    missing = sorted(declared - set(live.columns))
    if missing:
        notes.append("table {} has no column {}; run aksara migrate".format(table, ", ".join(missing)))
    more = sorted(set(live.columns) - declared)
    if more:
        notes.append("table {} has columns the model does not declare: {}".format(table, ", ".join(more)))
    return notes + index_notes(model, live)


def index_notes(model: Any, live: Live) -> list[str]:
    table = model.__tablename__
    whole = [index for index in live.indexes if not index["partial"]]
    leading = {index["columns"][0] for index in whole}
    alone = {index["columns"][0] for index in whole if index["unique"] and len(index["columns"]) == 1}
    declared = {field.column_name for field in model._fields.values() if field.db_index or field.unique}
    notes = []
    for field in model._fields.values():
        name = field.column_name
        if name not in live.columns:
            continue
        if field.unique and name not in alone:
            message = "{}({}) is unique in the model but not in the database; create a migration"
            notes.append(message.format(table, name))
        elif field.db_index and name not in leading:
            message = (
                "{}.{} is declared with db_index=True, but Aksara's migrations make no index and the database has "
                "none: add {} to a migration"
            )
            notes.append(message.format(model.__name__, field.name, INDEX.format(table, name)))
    for index in whole:
        if not index["unique"] and not index["primary"] and index["columns"][0] not in declared:
            message = "the database has an index on {}({}) that the model does not declare"
            notes.append(message.format(table, ", ".join(index["columns"])))
    return notes


def missing_join_tables(model: Any, live: Live) -> list[str]:
    message = (
        "the join table {0} of {1}.{2} is not in the database: Aksara's migrations do not make it; add "
        'op.RunSQL({1}._m2m_fields["{2}"].get_join_table_sql()) to a migration'
    )
    return [
        message.format(field.join_table_name, model.__name__, name)
        for name, field in model._m2m_fields.items()
        if field.join_table_name not in live.join_tables
    ]
