"""From the name a person uses to the one model it means."""

from __future__ import annotations

from aksara_agent.errors import ProjectError

from .failures import UnknownModel
from .scan_models import StaticModel


def find_model(models: list[StaticModel], name: str) -> StaticModel:
    """By class name, table, dotted path, Django's "app.Model" or "file.py:Class".

    Raises UnknownModel, and ProjectError when several models have the name.
    """
    for matches in (exact_matches, loose_matches):
        found = [model for model in models if matches(model, name.strip())]
        if len(found) == 1:
            return found[0]
        if found:
            places = ", ".join(f"{place(model)} ({label(model) or model.summary['name']})" for model in found)
            short = f"app.Model, e.g. {label(found[0])}, or as " if label(found[0]) else ""
            how = f"Use one as {short}file:Class, e.g. {as_path(found[0])}."
            raise ProjectError(f"{name!r} is the name of {len(found)} models: {places}. {how}")
    raise UnknownModel(name, sorted({model.summary["name"] for model in models}))


def exact_matches(model: StaticModel, name: str) -> bool:
    summary = model.summary
    return name in (summary["name"], label(model), as_path(model), f"{model.module}.{summary['name']}", place(model))


def loose_matches(model: StaticModel, name: str) -> bool:
    """Case does not matter, the table's name will do, and so does the end of the dotted path."""
    wanted = name.lower()
    full = f"{model.module}.{model.summary['name']}".lower()
    table = (model.summary["table"] or "").lower()
    label_ = (label(model) or "").lower()
    return wanted in (model.summary["name"].lower(), label_, table, as_path(model).lower()) or full.endswith(
        f".{wanted}"
    )


def label(model: StaticModel) -> str | None:
    """Django's "shop.Product"; None for other frameworks."""
    return f"{model.app}.{model.summary['name']}" if model.app else None


def as_path(model: StaticModel) -> str:
    return f"{model.summary['file']}:{model.summary['name']}"


def place(model: StaticModel) -> str:
    return f"{model.summary['file']}:{model.summary['line']}"
