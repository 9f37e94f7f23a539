"""The static scan finds models in all the ways people write them, and never imports anything."""

from pathlib import Path

import pytest
from shop_files import WriteFiles

from aksara_agent.project.scan import Scan, Scanner


def scan(root: Path) -> Scan:
    return Scanner(root).scan()


def tables(root: Path) -> dict[str, str | None]:
    return {model.summary["name"]: model.summary["table"] for model in scan(root).models}


STYLES = {
    "declarative_base() under another name": (
        "from sqlalchemy import Column, Integer\n"
        "from sqlalchemy.orm import declarative_base as make\nRoot = make()\n"
        "class A(Root):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    ),
    "a class derived from DeclarativeBase": (
        "import sqlalchemy.orm as orm\nclass Root(orm.MappedAsDataclass, orm.DeclarativeBase): pass\n"
        "class A(Root):\n    __tablename__ = 'a'\n"
        "    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)\n"
    ),
    "an abstract base between": (
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "class Root(DeclarativeBase): pass\n"
        "class Middle(Root):\n    __abstract__ = True\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "class A(Middle):\n    __tablename__ = 'a'\n"
    ),
    "Flask-SQLAlchemy": (
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
        "class A(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    ),
    "SQLModel": (
        "from sqlmodel import SQLModel, Field\nclass ABase(SQLModel):\n    name: str\n"
        "class A(ABase, table=True):\n    id: int | None = Field(default=None, primary_key=True)\n"
    ),
    "a registry decorator": (
        "from sqlalchemy import Column, Integer\nfrom sqlalchemy.orm import registry\nreg = registry()\n"
        "@reg.mapped\nclass A:\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    ),
    "under if TYPE_CHECKING or try": (
        "try:\n    from sqlalchemy.orm import DeclarativeBase\n"
        "except ImportError:\n    DeclarativeBase = object\n"
        "class Root(DeclarativeBase): pass\nif True:\n    class A(Root):\n        __tablename__ = 'a'\n"
    ),
    "a base from a library we do not know": (
        "from company.orm import Entity\nfrom sqlalchemy import Column, Integer\n"
        "class A(Entity):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_declaring_is_found_once(write_files: WriteFiles, style: str) -> None:
    assert tables(write_files({"m.py": STYLES[style]})) == {"A": "a"}


def test_bases_are_followed_through_files_aliases_stars_and_relative_imports(write_files: WriteFiles) -> None:
    root = write_files(
        {
            "app/db/core.py": "from sqlalchemy.orm import DeclarativeBase\nclass Thing(DeclarativeBase): pass\n",
            "app/db/__init__.py": "from .core import *\n",
            "app/kit.py": "import app.db\nEntity = app.db.Thing\n",
            "app/models.py": "from .kit import Entity as E\nclass Car(E):\n    __tablename__ = 'cars'\n",
            "app/more.py": "from app import models\nclass Truck(models.Car):\n    pass\n",
        }
    )
    assert tables(root) == {"Car": "cars", "Truck": "cars"}


def test_mixins_and_schemas_are_not_models(write_files: WriteFiles) -> None:
    source = (
        "from pydantic import BaseModel\nfrom sqlalchemy.orm import DeclarativeBase, mapped_column\n"
        "class Base(DeclarativeBase): pass\nclass Mixin:\n    id = mapped_column(primary_key=True)\n"
        "class Read(BaseModel):\n    id: int\nclass A(Mixin, Base):\n    __tablename__ = 'a'\n"
    )
    assert tables(write_files({"m.py": source})) == {"A": "a"}


@pytest.mark.parametrize("folder", ["tests", ".venv/lib", "node_modules", "build", "migrations/versions"])
def test_folders_that_hold_no_models_of_the_project_are_skipped(write_files: WriteFiles, folder: str) -> None:
    assert tables(write_files({f"{folder}/m.py": STYLES["SQLModel"]})) == {}


def test_a_virtual_environment_is_known_by_its_marker_under_any_name(write_files: WriteFiles) -> None:
    assert tables(write_files({"py/pyvenv.cfg": "", "py/lib/m.py": STYLES["SQLModel"]})) == {}


def test_circles_of_imports_and_bases_end(write_files: WriteFiles) -> None:
    files = {
        "a.py": "from b import B\nclass A(B): pass\nBase = 1\n",
        "b.py": "from a import A\nclass B(A): pass\nBase = 1\n",
    }
    assert tables(write_files(files)) == {}


def test_a_link_out_of_the_project_is_not_followed(write_files: WriteFiles, tmp_path: Path) -> None:
    root = write_files({"main.py": ""})
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/m.py").write_text(STYLES["SQLModel"])
    (root / "inside").symlink_to(tmp_path / "outside")
    (root / "circle").symlink_to(root)
    assert tables(root) == {}


def test_uses_are_found_where_the_name_really_is_the_model(write_files: WriteFiles) -> None:
    root = write_files(
        {
            "m.py": STYLES["SQLModel"],
            "views.py": """
                from sqlalchemy import select, desc
                from m import A as Thing
                from elsewhere import Other

                def f(session, router):
                    select(Thing).where(Thing.name == "x", Other.name == "y").order_by(desc(Thing.id))
                    session.query(Thing).filter_by(name="x")
                    select(Thing).where(Thing.name.ilike("x%"))
            """,
            "tests/test_m.py": "from m import A\nA.query.filter(A.name == 1)\n",
        }
    )
    found = [(use["field"], use["kind"], use["line"]) for _, use in scan(root).uses]
    assert sorted(found) == [
        ("id", "order_by", 7),
        ("name", "filter", 7),
        ("name", "filter", 8),
        ("name", "search", 9),
    ]


@pytest.mark.parametrize("route", ['"/a/{id}"', '"/{a_id}"', '"/a/<int:pk>"'])
def test_routes_by_id_are_found(write_files: WriteFiles, route: str) -> None:
    view = f"from m import A\nfrom web import app\n@app.get({route})\ndef show(a_id):\n    return A\n"
    assert [use["kind"] for _, use in scan(write_files({"m.py": STYLES["SQLModel"], "v.py": view})).uses] == ["route"]


@pytest.mark.parametrize(
    ("files", "module"),
    [
        ({"models/post.py": "", "main.py": "import models.post\n"}, "models.post"),
        ({"src/shop/post.py": "", "src/shop/__init__.py": ""}, "shop.post"),
        (
            {"backend/app/post.py": "", "backend/main.py": "from app.post import A\nimport sqlalchemy\n"},
            "app.post",
        ),
        ({"pkg/__init__.py": "", "pkg/post.py": ""}, "pkg.post"),
        ({"lib/pkg/__init__.py": "", "lib/pkg/post.py": ""}, "pkg.post"),
        ({"post.py": ""}, "post"),
    ],
)
def test_a_module_gets_the_name_the_project_imports_it_by(
    write_files: WriteFiles, files: dict[str, str], module: str
) -> None:
    named = {
        path: STYLES["SQLModel"] if path.endswith("post.py") else "import sqlalchemy\n" + text
        for path, text in files.items()
    }
    assert scan(write_files(named)).models[0].module == module


def test_only_changed_files_are_read_again(write_files: WriteFiles) -> None:
    root = write_files({"a.py": STYLES["SQLModel"], "b.py": "import sqlalchemy\n"})
    scanner = Scanner(root)
    first = scanner.scan()
    assert scanner.scan() is first
    kept = scanner.glances["a.py"].facts
    (root / "b.py").write_text("import sqlalchemy.orm\n")
    assert scanner.scan() is not first
    assert scanner.glances["a.py"].facts is kept


def test_five_hundred_model_files_are_all_found(write_files: WriteFiles) -> None:
    fields = "".join(f"    f{n}: Mapped[str] = mapped_column(String(20), index=True)\n" for n in range(15))
    head = "from sqlalchemy import String\nfrom sqlalchemy.orm import Mapped, mapped_column\nfrom base import Base\n"
    files = {f"m/m{n}.py": f"{head}class M{n}(Base):\n    __tablename__ = 'm{n}'\n{fields}" for n in range(500)}
    root = write_files(
        files | {"base.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n"}
    )
    assert len(scan(root).models) == 500


def test_engines_are_found_with_their_url(write_files: WriteFiles) -> None:
    source = (
        "import os\nfrom sqlalchemy import create_engine\nURL = os.getenv('X', 'sqlite:///a.db')\n"
        "engine = create_engine(URL)\n"
    )
    assert [(e.name, e.url, e.line) for e in scan(write_files({"db.py": source})).engines] == [
        ("engine", "sqlite:///a.db", 4)
    ]
