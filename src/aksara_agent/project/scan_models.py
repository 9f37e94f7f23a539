"""Decides which classes are models, of which framework, with which table and fields."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .description import Framework, ModelSummary
from .django_labels import app_label, django_table
from .facts import ClassFacts, FieldFacts, RelationFacts
from .resolve import ClassPlace, Resolver
from .scan_aksara import BASES, aksara_app, aksara_fields, aksara_table

DECLARATIVE = (
    "declarative_base()",
    "generate_base()",
    "automap_base()",
    "DeclarativeBase",
    "DeclarativeBaseNoMeta",
)
FLASK = ("flask_sqlalchemy.SQLAlchemy().Model", "flask_sqlalchemy.model.Model")
MAPPED_DECORATORS = ("mapped", "mapped_as_dataclass")


@dataclass(slots=True)
class StaticModel:
    """A model with where each of its fields is written (mixins may be in other files)."""

    summary: ModelSummary
    fields: list[tuple[FieldFacts, str]]
    relations: list[tuple[RelationFacts, str]]
    module: str = ""
    app: str | None = None  # the label of its app, in Django and Aksara
    proxy: bool = False  # Django's other view of another model's table


class ModelFinder:
    """Judges one class after another; remembers the ancestry of each."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.known: dict[ClassPlace, tuple[list[ClassPlace], list[str]]] = {}

    def facts(self, place: ClassPlace) -> ClassFacts:
        return self.resolver.facts_of(place.path).classes[place.name]

    def ancestry(self, place: ClassPlace) -> tuple[list[ClassPlace], list[str]]:
        """(the class and its project ancestors, own first; the names of all outside bases)."""
        if place not in self.known:
            self.known[place] = ([place], [])  # a circle of bases ends here
            line, outside = [place], []
            for base in self.facts(place).bases:
                found = self.resolver.resolve(place.path, base)
                if isinstance(found, str):
                    outside.append(found)
                elif found != place:
                    further, names = self.ancestry(found)
                    line += [item for item in further if item not in line]
                    outside += names
            self.known[place] = (line, outside)
        return self.known[place]

    def framework(self, place: ClassPlace) -> Framework | None:
        line, outside = self.ancestry(place)
        for name in outside:
            if known := framework_of_base(name):
                return known
        for ancestor in line:
            decorators = self.decorators(ancestor)
            if any(name.endswith("as_declarative") or name.endswith("as_declarative_base") for name in decorators):
                return "sqlalchemy"
        if any(name.rpartition(".")[2] in MAPPED_DECORATORS for name in self.decorators(place)):
            return "sqlalchemy"
        facts = self.facts(place)
        # A base class from a library we do not know: a table name and columns are proof enough.
        if facts.table and any(field.is_column for field in facts.fields) and outside:
            return "sqlalchemy"
        return "django" if self.extends_library(place, outside) else None

    def extends_library(self, place: ClassPlace, outside: list[str]) -> bool:
        """A base model from a library (model_utils' TimeStampedModel, wagtail's Page) beside Django's own names."""
        imports = self.resolver.facts_of(place.path).imports.values()
        if not any(module.startswith("django.db") for module, _ in imports):
            return False
        if "models" in place.path.removesuffix(".py").split("/") and any(is_library_model(name) for name in outside):
            return True
        types = [field.type for field in self.facts(place).fields if field.is_column]
        has_fields = any(kind.endswith("Field") or kind == "ForeignKey" for kind in types)
        return has_fields and any(name.endswith("Model") for name in outside)

    def decorators(self, place: ClassPlace) -> list[str]:
        return self.facts(place).decorators

    def find(self, place: ClassPlace) -> StaticModel | None:
        """The model, or None for bases, mixins, schemas and other classes."""
        framework = self.framework(place)
        facts = self.facts(place)
        if framework is None or facts.abstract or not self.is_concrete(place, framework):
            return None
        line, outside = self.ancestry(place)
        fields: dict[str, tuple[FieldFacts, str]] = {}
        relations: dict[str, tuple[RelationFacts, str]] = {}
        for ancestor in line:
            found = self.facts(ancestor)
            for field in found.fields:
                if framework not in ("sqlalchemy", "django") or field.is_column:
                    fields.setdefault(field.name, (field, ancestor.path))
            for relation in found.relations:
                relations.setdefault(relation.name, (relation, ancestor.path))
        if framework == "aksara":
            fields = aksara_fields(facts, place.path, outside, fields)
        summary: ModelSummary = {
            "name": place.name,
            "table": self.table(place, framework),
            "file": place.path,
            "line": facts.line,
            "framework": framework,
            "fields": list(fields),
            "source": "static",
        }
        app = self.app(place, framework)
        return StaticModel(summary, list(fields.values()), list(relations.values()), app=app, proxy=facts.proxy)

    def app(self, place: ClassPlace, framework: Framework) -> str | None:
        if framework == "django":
            return app_label(self.resolver, place)
        return aksara_app(place.path, self.facts(place).label) if framework == "aksara" else None

    def is_concrete(self, place: ClassPlace, framework: Framework) -> bool:
        facts = self.facts(place)
        line, outside = self.ancestry(place)
        if framework == "sqlmodel":
            return facts.is_table
        if framework in ("django", "aksara"):
            return True
        direct = [self.resolver.resolve(place.path, base) for base in facts.bases]
        if any(isinstance(base, str) and base.endswith(DECLARATIVE[3:]) for base in direct):
            return False  # class Base(DeclarativeBase): the base itself
        if any(name.endswith("as_declarative") for name in facts.decorators):
            return False
        if any(name in FLASK or name.startswith("advanced_alchemy.") for name in outside):
            return True
        has_key = any(field.primary_key for field in facts.fields)
        return has_key or any(self.facts(ancestor).names_table for ancestor in line)

    def table(self, place: ClassPlace, framework: Framework) -> str | None:
        line, outside = self.ancestry(place)
        if framework == "django":
            return django_table(self.resolver, line)
        if framework == "aksara":
            return aksara_table(self.facts(place))
        for ancestor in line:
            facts = self.facts(ancestor)
            if facts.names_table or facts.table:
                return facts.table
        if framework == "sqlmodel":
            return place.name.lower()
        if any(name in FLASK for name in outside):
            return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", place.name).lower()
        return None


def is_class_of_rows(name: str) -> bool:
    """AbstractUser, Group; not the managers that stand beside them."""
    return not name.endswith(("Manager", "QuerySet", "Mixin", "Choices", "Field"))


def is_library_model(name: str) -> bool:
    """ "wagtail.models.Page", "oscar.apps.catalogue.abstract_models.AbstractProduct"."""
    module, _, last = name.rpartition(".")
    return module.endswith("models") and is_class_of_rows(last) and not module.startswith("django.")


def framework_of_base(name: str) -> Framework | None:
    """The framework whose base class this outside name is."""
    if name in ("sqlmodel.SQLModel", "sqlmodel.main.SQLModel"):
        return "sqlmodel"
    if name in FLASK or name.startswith("advanced_alchemy.base."):
        return "sqlalchemy"
    if name.endswith(DECLARATIVE):
        return "sqlalchemy"
    head, _, last = name.partition(".")[0], "", name.rpartition(".")[2]
    if head == "django" and (
        last == "Model" or (".contrib." in name and ".models." in name and is_class_of_rows(last))
    ):
        return "django"
    if head == "aksara" and last in BASES:
        return "aksara"
    return None
