"""The label of a Django app and the name of a model's table, from the source alone."""

from __future__ import annotations

from .resolve import ClassPlace, Resolver


def app_label(resolver: Resolver, place: ClassPlace) -> str:
    """Meta.app_label, the label of the app's AppConfig, else the name of the app's folder."""
    own = resolver.facts_of(place.path).classes[place.name].label
    if own:
        return own
    folder = app_folder(resolver, place.path)
    config = f"{folder}/apps.py"
    if config in resolver.paths:
        labels = [facts.label for facts in resolver.facts_of(config).classes.values() if facts.label]
        if labels:
            return labels[0]
    return folder.rpartition("/")[2]


def app_folder(resolver: Resolver, path: str) -> str:
    """The nearest folder above that has apps.py, models.py or models/; else the folder of the file."""
    folder = path.rpartition("/")[0]
    above = folder
    while above:
        if any(f"{above}/{name}" in resolver.paths for name in ("apps.py", "models.py", "models/__init__.py")):
            return above
        above = above.rpartition("/")[0]
    return folder


def django_table(resolver: Resolver, line: list[ClassPlace]) -> str | None:
    """`line` is the model and its ancestors; a proxy has the table of the first concrete one."""
    for place in line:
        facts = resolver.facts_of(place.path).classes[place.name]
        if facts.abstract or facts.proxy:
            continue
        return facts.table or f"{app_label(resolver, place)}_{place.name.lower()}"
    return None
