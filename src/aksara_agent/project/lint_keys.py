"""Rules about keys and uniqueness."""

from __future__ import annotations

from collections.abc import Iterator

from aksara_agent.results import Finding

from .description import FieldDescription, ModelDescription
from .finding import finding

EMAIL_NAMES = {"email", "email_address", "username", "user_name", "login"}
# Only models that look like an account: an e-mail in a log or an order may repeat.
ACCOUNTS = ("user", "account", "member", "customer", "subscriber", "profile")
BOOKKEEPING = {"created_at", "updated_at", "created", "updated", "position", "sort_order"}


def unique_groups(model: ModelDescription) -> list[list[str]]:
    """Every set of columns that the table keeps unique."""
    groups = [item["columns"] for item in model["constraints"] if item["kind"] in ("unique", "primary_key")]
    groups += [index["columns"] for index in model["indexes"] if index["unique"]]
    groups += [[field["column"]] for field in model["fields"] if field["unique"]]
    return groups


def unique_candidates(model: ModelDescription) -> list[FieldDescription]:
    """Fields that look like an identity but are in no unique constraint, not even one of several columns."""
    if model["source"] != "live":
        return []  # a constraint may be declared where the static scan cannot see it
    covered = {column for group in unique_groups(model) for column in group}
    is_account = any(word in model["name"].lower() for word in ACCOUNTS)
    return [
        field
        for field in model["fields"]
        if (field["name"] == "slug" or (field["name"] in EMAIL_NAMES and is_account))
        and field["column"] not in covered
        and not of_library_table(model, field)
    ]


def of_library_table(model: ModelDescription, field: FieldDescription) -> bool:
    """True where the key leads to a parent's table (multi-table inheritance) and the parent is not in the project."""
    return field["file"] is None and any(item["primary_key"] and item["foreign_key"] for item in model["fields"])


def unique_candidate(model: ModelDescription) -> Iterator[Finding]:
    for field in unique_candidates(model):
        issue = f"{model['name']}.{field['name']} looks like it identifies one row but nothing keeps it unique"
        name = f"{model['name']}.{field['name']}"
        fix = f"add unique=True to {name} after removing doubles, and create a migration"
        if field["file"] is None:  # inherited from a library: AbstractUser.email
            fix = f"declare {field['name']} on {model['name']} itself with unique=True, and create a migration"
        yield finding(model, field, "medium", "unique-candidate", issue, fix)


def lookup_without_unique(model: ModelDescription) -> Iterator[Finding]:
    """Code that asks for the one row with a value, where there may be several."""
    if model["source"] != "live":
        return
    covered = {column for group in unique_groups(model) for column in group}
    judged = unique_candidates(model)
    for field in model["fields"]:
        places = [
            f"{use['file']}:{use['line']}"
            for use in model["used_by"]
            if use["kind"] == "lookup" and use["field"] == field["name"]
        ]
        if not places or field["column"] in covered or field in judged or field["foreign_key"]:
            continue
        name = f"{model['name']}.{field['name']}"
        issue = f"{name} is looked up at {places[0]} as if one row had the value, but nothing keeps it unique"
        fix = f"add unique=True to {name} after removing doubles, and create a migration"
        yield finding(model, field, "low", "lookup-without-unique", issue, fix) | {"evidence": places}


def association_without_unique(model: ModelDescription) -> Iterator[Finding]:
    if model["source"] != "live":
        return
    yield from loose_secondaries(model)
    keys = [field for field in model["fields"] if field["foreign_key"]]
    others = [
        f for f in model["fields"] if not f["foreign_key"] and not f["primary_key"] and f["name"] not in BOOKKEEPING
    ]
    if len(keys) != 2 or others or same_table(keys):
        return
    if model["framework"] == "django" and model["source"] != "live":
        return  # unique_together and Meta.constraints are not in the scan
    pair = {field["column"] for field in keys}
    if any(group and set(group) <= pair for group in unique_groups(model)):
        return
    names = ", ".join(f"'{field['column']}'" for field in keys)
    place = f"add UniqueConstraint({names}) to {model['name']}.__table_args__"
    if model["framework"] == "django":
        names = ", ".join(f"'{field['name']}'" for field in keys)
        place = f"add models.UniqueConstraint(fields=[{names}], name=…) to Meta.constraints of {model['name']}"
    if model["framework"] == "aksara":
        rule = f"UNIQUE ({', '.join(field['column'] for field in keys)})"
        table = model["table"]
        place = f"add op.AddConstraint(table='{table}', name='uq_{table}', constraint_sql='{rule}') to a migration"
    ends = " and ".join(str(field["foreign_key"]) for field in keys)
    issue = f"{model['name']} joins {ends} but the same pair can be stored twice"
    fix = place if model["framework"] == "aksara" else f"{place} and create a migration"
    yield finding(model, None, "medium", "association-without-unique", issue, fix)


def same_table(keys: list[FieldDescription]) -> bool:
    return keys[0]["foreign_key"] == keys[1]["foreign_key"] and keys[0]["column"] == keys[1]["column"]


def loose_secondaries(model: ModelDescription) -> Iterator[Finding]:
    for relation in model["relations"]:
        if "secondary" not in relation or relation.get("secondary_unique"):
            continue
        columns = ", ".join(f"'{key.rpartition('.')[2]}'" for key in relation["foreign_keys"])
        table = relation["secondary"]
        issue = f"{model['name']}.{relation['name']} uses the join table {table}, which can hold a pair twice"
        fix = f"make both columns of {table} its primary key, or add UniqueConstraint({columns})"
        yield finding(model, None, "medium", "association-without-unique", issue, fix)


def nullable_mismatch(model: ModelDescription) -> Iterator[Finding]:
    """The annotation promises a value, the column does not."""
    for field in model["fields"]:
        annotation = field["annotation"] or ""
        if model["source"] != "live" or not annotation.startswith("Mapped["):
            continue
        if (
            field["foreign_key"]
            and field["nullable"]
            and not any(word in annotation for word in ("None", "Optional", "Any"))
        ):
            name = f"{model['name']}.{field['name']}"
            issue = f"{name} is annotated {annotation} but its column can be NULL"
            fix = f"annotate it Mapped[{annotation[7:-1]} | None], or remove nullable=True from {name}"
            yield finding(model, field, "low", "nullable-foreign-key", issue, fix)
