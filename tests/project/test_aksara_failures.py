"""Aksara projects that are broken, half set up or behind: each gives a sentence that says what to do."""

import json
import shutil
from pathlib import Path

import aksara_shop
import psycopg
import pytest
from aksara_shop import AksaraShop, edit

from aksara_agent.project.description import ModelDescription
from aksara_agent.project.failures import WorkerError
from aksara_agent.project.project import Project


async def describe(shop: AksaraShop, model: str = "Review") -> ModelDescription:
    async with shop.open() as project:
        return await project.describe(model)


async def static_note(shop: AksaraShop, model: str = "Review") -> str:
    described = await describe(shop, model)
    assert described["source"] == "static"
    return " ".join(described["notes"])


async def live_notes(shop: AksaraShop, model: str = "Review") -> list[str]:
    described = await describe(shop, model)
    assert described["source"] == "live"
    return described["notes"]


def execute(shop: AksaraShop, statements: str) -> None:
    with psycopg.connect(shop.url, autocommit=True) as connection:
        connection.execute(statements)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("import nowhere_to_be_found", "settings.py:1: ModuleNotFoundError: No module named 'nowhere_to_be_found' in"),
        ("import os; os.environ['SHOP_SECRET']", "settings.py:1: the environment variable SHOP_SECRET is not set"),
        ("raise SystemExit('no config')", "settings.py:1: the project called sys.exit('no config')"),
        ("x = (", "settings.py:1: SyntaxError"),
    ],
)
async def test_settings_that_fail_are_placed_and_explained(own_aksara: AksaraShop, settings: str, message: str) -> None:
    path = own_aksara.root / "settings.py"
    path.write_text(f"{settings}\n{path.read_text()}")
    assert message in await static_note(own_aksara)
    async with own_aksara.open() as project:
        with pytest.raises(WorkerError, match=r"the project could not be imported: settings\.py:1"):
            await project.query({"model": "Review"})


async def test_a_setting_that_does_not_exist_is_placed(own_aksara: AksaraShop) -> None:
    edit(own_aksara.root / "settings.py", "migrations_dir=", "migration_dir=")
    assert "settings.py:4: TypeError: Settings.__init__() got an unexpected" in await static_note(own_aksara)


async def test_an_import_error_in_a_model_file_is_placed_and_never_turns_into_dropped_tables(
    own_aksara: AksaraShop,
) -> None:
    path = own_aksara.root / "archive/models.py"
    path.write_text("from shop.nothing import Thing\n" + path.read_text())
    broken = "archive/models.py:1: ModuleNotFoundError: No module named 'shop.nothing'"
    assert broken in await static_note(own_aksara, "archive.Product")
    notes = await live_notes(own_aksara)
    assert any(note.startswith("archive.models could not be imported (ModuleNotFoundError") for note in notes)
    assert any("Do not run aksara makemigrations now, it would drop the tables of its models" in note for note in notes)
    assert not any("changes without a migration (" in note for note in notes)
    async with own_aksara.open() as project:
        assert (await project.query({"model": "Review"}))["total"] == 24
        with pytest.raises(WorkerError, match=r"archive/models\.py:1"):
            await project.query({"model": "archive.Product"})


async def test_a_syntax_error_in_a_model_file_is_placed_and_the_other_files_are_listed(own_aksara: AksaraShop) -> None:
    (own_aksara.root / "archive/models.py").write_text("from aksara import Model\nclass Broken(Model:\n")
    project = own_aksara.open()
    assert project.scan_problems[0].startswith("archive/models.py:2: syntax error")
    assert "Review" in [model["name"] for model in await project.models()]
    assert any("archive.models could not be imported (SyntaxError" in note for note in await live_notes(own_aksara))


async def test_a_target_with_two_meanings_is_placed(own_aksara: AksaraShop) -> None:
    edit(own_aksara.root / "shop/models.py", "ForeignKey(Product,", 'ForeignKey("Product",')
    note = await static_note(own_aksara)
    assert "shop/models.py:" in note
    assert "Review.product: Model name 'Product' is ambiguous. Use one of: archive.models.Product, shop.models" in note


async def test_a_target_that_is_no_model_is_named_though_aksara_is_silent(own_aksara: AksaraShop) -> None:
    edit(own_aksara.root / "shop/models.py", 'fields.ManyToMany("Tag"', 'fields.ManyToMany("Tagg"')
    described = await describe(own_aksara, "shop.Product")
    assert "tags" not in [item["name"] for item in described["relations"]]
    assert any("Product.tags refers to 'Tagg', which is no model: did you mean 'Tag'?" in n for n in described["notes"])


async def test_two_reverse_sides_with_one_name_are_named(own_aksara: AksaraShop) -> None:
    edit(own_aksara.root / "shop/models.py", ', related_name="review"', "")
    second = "stars = fields.Positive"
    edit(own_aksara.root / "shop/models.py", second, f"editor = ForeignKey(User, nullable=True)\n    {second}")
    notes = await live_notes(own_aksara, "User")
    assert (
        "User.review_set is the reverse side of Review.author, Review.editor; only the first works: "
        "give each its own related_name" in notes
    )


async def test_a_reverse_side_that_hides_an_attribute_stops_the_project_as_it_stops_aksara(
    own_aksara: AksaraShop,
) -> None:
    edit(own_aksara.root / "shop/models.py", 'related_name="reviews"', 'related_name="meta"')
    assert "Cannot attach reverse relation 'meta' on Product: attribute already exists" in await static_note(own_aksara)


async def test_without_a_database_the_models_are_live_and_the_settings_are_named(own_aksara: AksaraShop) -> None:
    edit(own_aksara.root / "settings.py", f'database_url="{own_aksara.url}"', "database_url=None")
    described = await describe(own_aksara)
    assert (described["source"], described["row_count"]) == ("live", None)
    assert described["notes"] == [
        "no row count: no database is known: pass database_url to configure() in the settings, or set "
        "AKSARA_DATABASE_URL or DATABASE_URL"
    ]
    async with own_aksara.open() as project:
        with pytest.raises(WorkerError, match="no database is known"):
            await project.query({"model": "Review"})


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://app:hunter2@127.0.0.1:1/shop", "no connection to postgresql://app:***@127.0.0.1:1/shop: "),
        ("sqlite:///shop.db", "sqlite:///shop.db cannot be read as the URL of a PostgreSQL database"),
        ("postgresql://app:hunter2@127.0.0.1:port/shop", "***@127.0.0.1:port/shop cannot be read as the URL of"),
    ],
)
async def test_a_database_that_does_not_answer_leaves_the_models_described(
    own_aksara: AksaraShop, url: str, message: str
) -> None:
    edit(own_aksara.root / "settings.py", own_aksara.url, url)
    described = await describe(own_aksara)
    assert (described["source"], described["row_count"]) == ("live", None)
    assert message in described["notes"][0]
    assert "hunter2" not in json.dumps(described)


async def test_the_environment_and_dotenv_name_the_database_as_for_aksara(
    own_aksara: AksaraShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = own_aksara.root / "settings.py"
    edit(settings, f'database_url="{own_aksara.url}",', "")
    (own_aksara.root / ".env").write_text(f"DATABASE_URL={own_aksara.url}\n")
    assert (await describe(own_aksara))["row_count"] == 24
    (own_aksara.root / ".env").unlink()
    monkeypatch.setenv("AKSARA_DATABASE_URL", own_aksara.url)
    assert (await describe(own_aksara))["row_count"] == 24
    assert own_aksara.open().describe_setup()["database"]["source"] == "environment variable AKSARA_DATABASE_URL"
    settings.unlink()
    assert (await describe(own_aksara))["row_count"] == 24


async def test_a_model_ahead_of_its_migrations_and_a_database_behind_them_are_named(own_aksara: AksaraShop) -> None:
    edit(own_aksara.root / "shop/models.py", "text = Text", "mood = fields.String(nullable=True)\n    text = Text")
    edit(own_aksara.root / "shop/models.py", ", default=Status.DRAFT", "")
    missing = "table reviews has no column mood; run aksara migrate"
    change = "Review has changes without a migration (new: mood); run aksara makemigrations"
    assert await live_notes(own_aksara) == [missing, change]
    name = make_migration(own_aksara, "mood")
    assert await live_notes(own_aksara) == [missing, f"migrations are not applied: {name}; run aksara migrate"]
    async with own_aksara.open() as project:
        with pytest.raises(WorkerError, match=r"mood.*does not exist: the database is behind the models"):
            await project.query({"model": "Review"})
    aksara_shop.run(own_aksara.python, own_aksara.root, "-m", "aksara", "migrate", DATABASE_URL=own_aksara.url)
    assert await live_notes(own_aksara) == []


async def test_a_migration_that_aksara_cannot_write_is_named_with_its_line(own_aksara: AksaraShop) -> None:
    """The default of an enum, of any model, is enough; so is a changed length."""
    edit(own_aksara.root / "shop/models.py", "text = Text", "mood = fields.String(nullable=True)\n    text = Text")
    *_, change = await live_notes(own_aksara)
    assert (
        "Review has changes without a migration (new: mood); aksara makemigrations writes a file that does not"
        in change
    )
    assert "<Status.DRAFT: 'draft'>" in change
    make_migration(own_aksara, "mood")
    *_, note = await live_notes(own_aksara)
    assert "the migrations could not be read" in note, "so the warning was right"


def make_migration(shop: AksaraShop, name: str) -> str:
    command = ("-m", "aksara", "makemigrations", "--app", "app.models", "--name", name)
    aksara_shop.run(shop.python, shop.root, *command, DATABASE_URL=shop.url)
    (path,) = (shop.root / "migrations").glob(f"*_{name}.py")
    return path.stem


async def test_a_changed_length_for_which_aksara_writes_nothing_comes_with_the_operation(
    own_aksara: AksaraShop,
) -> None:
    edit(
        own_aksara.root / "shop/models.py",
        "subtitle = fields.String(max_length=80",
        "subtitle = fields.String(max_length=90",
    )
    edit(own_aksara.root / "shop/models.py", "slug = fields.Slug(unique=True)", "slug = fields.Slug()")
    *_, note = await live_notes(own_aksara, "shop.Product")
    assert note.startswith(
        "Product has changes without a migration (changed: slug, subtitle); aksara makemigrations writes nothing for "
        "slug, subtitle: add op.AddConstraint(…) or op.RunSQL(…) for slug; op.AlterFieldType("
        'table="products", name="subtitle", new_field=op.StringField(90, nullable=True)); '
    )


async def test_migrations_edited_in_conflict_or_broken_are_named(own_aksara: AksaraShop) -> None:
    (first,) = (own_aksara.root / "migrations").glob("*_initial.py")
    first.write_text(first.read_text() + "\n# edited\n")
    (note,) = await live_notes(own_aksara)
    assert note.startswith(f"migration {first.stem} was edited after it was applied: aksara migrate refuses to run")
    text = "from aksara.migrations import Migration\n\n\nclass Migration(Migration):\n    operations = []\n"
    text += f"    dependencies = [('default', '{first.stem}')]\n"
    for name in ("left", "right"):
        (first.parent / f"{name}.py").write_text(text)
    notes = await live_notes(own_aksara)
    assert "migrations are not applied: left, right; run aksara migrate" in notes
    assert "there are several latest migrations: left, right; run aksara makemigrations --merge" in notes
    (first.parent / "broken.py").write_text("1 / 0\n")
    (note,) = await live_notes(own_aksara)
    assert "the migrations could not be read: Could not load migration" in note
    assert "division by zero" in note


async def test_a_project_without_migrations_and_tables_says_so(own_aksara: AksaraShop) -> None:
    for path in (own_aksara.root / "migrations").iterdir():
        path.unlink()
    execute(own_aksara, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    described = await describe(own_aksara, "shop.Product")
    join, *others = described["notes"][2:]
    assert described["notes"][:2] == [
        "no row count: the table does not exist",
        "table products is not in the database yet; run aksara migrate",
    ]
    assert 'add op.RunSQL(Product._m2m_fields["tags"].get_join_table_sql()) to a migration' in join
    assert others == ["there are no migrations in migrations; run aksara makemigrations"]


async def test_indexes_and_columns_that_only_one_side_has_are_named(own_aksara: AksaraShop) -> None:
    execute(own_aksara, "CREATE INDEX by_hand ON products (price); CREATE INDEX ON products (title)")
    execute(own_aksara, "ALTER TABLE products DROP CONSTRAINT products_slug_key, ADD COLUMN left_over int")
    described = await describe(own_aksara, "shop.Product")
    assert described["notes"] == [
        "table products has columns the model does not declare: left_over",
        "products(slug) is unique in the model but not in the database; create a migration",
        "the database has an index on products(price) that the model does not declare",
    ]
    assert [field["name"] for field in described["fields"] if field["indexed"]] == ["title", "price", "id"]


async def test_the_advice_about_indexes_and_join_tables_works_as_a_migration(own_aksara: AksaraShop) -> None:
    execute(own_aksara, "DROP TABLE products_tags")
    notes = await live_notes(own_aksara, "shop.Product")
    operations = [note.partition("add ")[2].removesuffix(" to a migration") for note in notes]
    assert len(operations) == 2
    (first,) = (own_aksara.root / "migrations").glob("*_initial.py")
    text = "from aksara.migrations import Migration, operations as op\nfrom shop.models import Product\n\n\n"
    text += f"class Migration(Migration):\n    dependencies = [('default', '{first.stem}')]\n"
    (first.parent / "99990101_advice.py").write_text(f"{text}    operations = [{', '.join(operations)}]\n")
    environment = {"DATABASE_URL": own_aksara.url, "PYTHONPATH": str(own_aksara.root)}
    aksara_shop.run(own_aksara.python, own_aksara.root, "-m", "aksara", "migrate", **environment)
    assert await live_notes(own_aksara, "shop.Product") == []


async def test_what_a_project_does_when_it_is_imported_changes_nothing(own_aksara: AksaraShop) -> None:
    start = "\nimport asyncio\nimport asyncpg\nfrom aksara.conf import settings\n\nasync def start():\n"
    start += "    connection = await asyncpg.connect(settings.database_url)\n"
    start += "    await connection.execute('DELETE FROM reviews')\n\nasyncio.run(start())\n"
    path = own_aksara.root / "shop/models.py"
    path.write_text(path.read_text() + start)
    note = await static_note(own_aksara)
    assert "ReadOnlySQLTransactionError: cannot execute DELETE in a read-only transaction" in note
    with psycopg.connect(own_aksara.url) as connection:
        assert connection.execute("SELECT count(*) FROM reviews").fetchone() == (24,)


async def test_relations_are_closed_once_also_when_the_project_did_it_already(own_aksara: AksaraShop) -> None:
    path = own_aksara.root / "shop/models.py"
    path.write_text(path.read_text() + "\nfrom aksara.model.base import finalize_relations\nfinalize_relations()\n")
    assert await live_notes(own_aksara, "User") == []


async def test_two_projects_in_one_repository_are_asked_each_with_its_own_settings(
    own_aksara: AksaraShop, aksara_site: AksaraShop, tmp_path: Path
) -> None:
    root = tmp_path / "monorepo"
    root.mkdir()
    own_aksara.root.rename(root / "first")
    shutil.copytree(aksara_site.root, root / "second")
    execute(own_aksara, "DELETE FROM reviews")
    async with Project.open(root, python=own_aksara.python) as project:
        for name, rows in {"first": 0, "second": 24}.items():
            described = await project.describe(f"{name}/shop/models.py:Review")
            assert (described["source"], described["row_count"], described["notes"]) == ("live", rows, [])
            page = await project.query({"model": f"{name}/shop/models.py:Review"})
            assert page["total"] == rows


def test_a_fresh_project_without_models_is_detected(aksara_python: Path, tmp_path: Path) -> None:
    aksara_shop.run(aksara_python, tmp_path, "-m", "aksara", "startproject", "fresh")
    setup = Project.open(tmp_path / "fresh", python=aksara_python).describe_setup()
    (found,) = setup["frameworks"]
    assert found["name"] == "aksara"
    assert found["evidence"][0].startswith("configure() at settings.py:")
