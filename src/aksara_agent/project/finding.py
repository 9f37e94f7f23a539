"""How a finding is worded and placed."""

from __future__ import annotations

from aksara_agent.results import Finding, Severity

from .description import FieldDescription, ModelDescription


def finding(
    model: ModelDescription,
    field: FieldDescription | None,
    severity: Severity,
    rule: str,
    issue: str,
    fix: str,
) -> Finding:
    """A finding at the field's line, or the model's when the field's is not known."""
    at_field = field is not None and field["file"] is not None and field["line"] is not None
    return {
        "severity": severity,
        "issue": issue,
        "fix": fix,
        "file": str(field["file"]) if field is not None and at_field else model["file"],
        "line": int(field["line"] or 0) if field is not None and at_field else model["line"],
        "rule": rule,
        "verified": model["source"] == "live",
    }


def add_index(model: ModelDescription, field: FieldDescription) -> str:
    """The change in the model's own framework."""
    if model["framework"] == "django":
        name = field["name"]
        change = "remove db_index=False from" if field["foreign_key"] else "add db_index=True to"
        index = f"models.Index(fields=['{name}'])"
        return f"{change} {model['name']}.{name}, or add {index} to Meta.indexes, and run makemigrations"
    table, column = model["table"] or model["name"].lower(), field["column"]
    if model["framework"] == "aksara":
        index = f"op.AddIndex(op.IndexOp(name='ix_{table}_{column}', table='{table}', columns=['{column}']))"
        return f"add {index} to a migration: Aksara's migrations make no index of db_index"
    return (
        f"add index=True to {model['name']}.{field['name']}, or Index('ix_{table}_{column}', '{column}'), "
        "and create a migration"
    )
