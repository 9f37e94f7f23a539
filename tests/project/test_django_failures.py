"""Django projects that are broken, half set up or behind: each gives a sentence that says what to do."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import django_shop
import pytest
from django_shop_files import DJANGO_SHOP, SETTINGS

from aksara_agent.project.description import ModelDescription
from aksara_agent.project.failures import WorkerError
from aksara_agent.project.project import Project


async def describe(root: Path, model: str = "Review") -> ModelDescription:
    async with Project.open(root, python=sys.executable) as project:
        return await project.describe(model)


async def note_of(root: Path) -> str:
    described = await describe(root)
    assert described["source"] == "static"
    assert {"product", "stars"} <= {field["name"] for field in described["fields"]}
    return " ".join(described["notes"])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            "import nowhere_to_be_found",
            "mysite/settings.py:2: ModuleNotFoundError: No module named 'nowhere_to_be_found' in",
        ),
        ("from mysite.nothing import x", "mysite/settings.py:2: ModuleNotFoundError: No module named 'mysite.nothing'"),
        (
            "import os; os.environ['SHOP_SECRET']",
            "mysite/settings.py:2: the environment variable SHOP_SECRET is not set: set it where you start the agent",
        ),
        ("raise SystemExit('no config')", "mysite/settings.py:2: the project called sys.exit('no config')"),
        (
            "from django.core.exceptions import ImproperlyConfigured; raise ImproperlyConfigured('Set SHOP_URL')",
            "mysite/settings.py:2: ImproperlyConfigured: Set SHOP_URL",
        ),
        ("x = (", "mysite/settings.py:2: SyntaxError"),
        ("INSTALLED_APPS = ['shop', 'no_such_app']", "No module named 'no_such_app'"),
    ],
)
async def test_settings_that_fail_are_placed_and_explained(own_site: Path, settings: str, message: str) -> None:
    path = own_site / "mysite/settings.py"
    body = path.read_text()
    path.write_text(f"{body}{settings}\n" if settings.startswith("INSTALLED") else f"\n{settings}\n{body}")
    note = await note_of(own_site)
    assert message in note
    assert "pip install mysite" not in note, "it is the project's own"


async def test_an_import_error_in_an_app_is_placed(own_site: Path) -> None:
    path = own_site / "accounts/models.py"
    path.write_text("from shop.nothing import Thing\n" + path.read_text())
    assert "accounts/models.py:1: ModuleNotFoundError: No module named 'shop.nothing'" in await note_of(own_site)


async def test_a_syntax_error_in_a_model_file_is_placed_and_the_other_files_are_listed(own_site: Path) -> None:
    (own_site / "archive/models.py").write_text("from django.db import models\nclass Broken(models.Model:\n")
    project = Project.open(own_site, python=sys.executable)
    assert project.scan_problems[0].startswith("archive/models.py:2: syntax error")
    assert "Review" in [model["name"] for model in await project.models()]
    assert "archive/models.py:2: SyntaxError" in await note_of(own_site)


async def test_an_app_that_is_not_installed_is_named(own_site: Path) -> None:
    models = DJANGO_SHOP["archive/models.py"].replace("Product", "Thing")
    django_shop.write(own_site, {"extra/__init__.py": "", "extra/models.py": models})
    described = await describe(own_site, "Thing")
    assert described["source"] == "static"
    assert "is its app in INSTALLED_APPS of mysite.settings?" in described["notes"][0]


async def test_without_django_the_interpreter_and_the_command_are_named(own_site: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    python = tmp_path / "bare/bin/python"
    async with Project.open(own_site, python=python) as project:
        note = (await project.describe("Review"))["notes"][0]
    assert f"No module named 'django' in {python}: install it there, e.g. {python} -m pip install django" in note


async def test_a_missing_database_file_is_reported_and_not_created(own_site: Path) -> None:
    (own_site / "shop.sqlite3").unlink()
    described = await describe(own_site)
    assert (described["source"], described["row_count"]) == ("live", None)
    assert "does not exist yet; run your migrations (for example: python manage.py migrate)" in described["notes"][0]
    async with Project.open(own_site, python=sys.executable) as project:
        with pytest.raises(WorkerError, match="does not exist yet"):
            await project.query({"model": "Review"})
    assert not (own_site / "shop.sqlite3").exists()


async def test_a_database_behind_its_migrations_and_models_ahead_of_them_are_named(own_site: Path) -> None:
    mood = "mood = models.CharField(max_length=9, null=True)\n    text = models.TextField"
    edit(own_site / "shop/models.py", "text = models.TextField", mood)
    (note,) = (await describe(own_site))["notes"]
    assert "the models of shop have changes without a migration: Add field mood to review" in note
    assert "run python manage.py makemigrations" in note
    django_shop.run(own_site, "manage.py", "makemigrations", "shop", "--name", "mood")
    described = await describe(own_site)
    assert described["notes"] == ["migrations of shop are not applied: 0002_mood; run python manage.py migrate"]
    async with Project.open(own_site, python=sys.executable) as project:
        with pytest.raises(WorkerError, match=r"no such column.*the database is behind the models"):
            await project.query({"model": "Review"})


async def test_two_latest_migrations_are_named(own_site: Path) -> None:
    text = "from django.db import migrations\nclass Migration(migrations.Migration):\n"
    text += "    dependencies = [('shop', '0001_initial')]\n"
    for name in ("0002_left", "0002_right"):
        (own_site / f"shop/migrations/{name}.py").write_text(text)
    assert (
        "app shop has several latest migrations: 0002_left, 0002_right; run python manage.py makemigrations --merge"
        in (await describe(own_site))["notes"]
    )


async def test_indexes_that_only_one_side_has_are_named(own_site: Path) -> None:
    connection = sqlite3.connect(own_site / "shop.sqlite3")
    connection.executescript("CREATE INDEX by_hand ON shop_product (price); DROP INDEX product_status_released;")
    connection.close()
    described = await describe(own_site, "shop.Product")
    more, missing = described["notes"]
    assert more == "the database has an index on shop_product(price) that the model does not declare"
    assert "shop_product(status, released) is declared in the model but missing in the database" in missing
    assert next(field["indexed"] for field in described["fields"] if field["name"] == "price")


async def test_what_an_app_does_when_it_starts_changes_nothing(own_site: Path) -> None:
    ready = "\n    def ready(self):\n        from shop.models import Tag\n        assert Tag.objects.count() == 4\n"
    path = own_site / "shop/apps.py"
    path.write_text(path.read_text() + ready)
    assert (await describe(own_site))["source"] == "live"
    path.write_text(path.read_text() + "        Tag.objects.create(name='started')\n")
    before = (own_site / "shop.sqlite3").read_bytes()
    note = await note_of(own_site)
    assert "shop/apps.py:10: OperationalError: the project is only looked at, so this is not executed: INSERT" in note
    assert (own_site / "shop.sqlite3").read_bytes() == before


async def test_the_environment_decides_before_manage_py(own_site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own_site / "mysite/other.py").write_text("from mysite.settings import *\nINSTALLED_APPS = INSTALLED_APPS[:-1]\n")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "mysite.other")
    setup = Project.open(own_site, python=sys.executable).describe_setup()
    evidence = setup["frameworks"][0]["evidence"]
    assert "settings module mysite.other (environment variable DJANGO_SETTINGS_MODULE)" in evidence
    assert "INSTALLED_APPS of mysite.other" in (await describe(own_site, "archive.Product"))["notes"][0]


async def test_of_several_settings_the_developers_own_is_chosen_and_the_choice_is_told(own_site: Path) -> None:
    (own_site / "manage.py").write_text("# the settings module comes from the environment alone\n")
    settings = own_site / "mysite/settings"
    settings.mkdir()
    for name, text in {"__init__": "", "production": "", "local": "", "test": ""}.items():
        (settings / f"{name}.py").write_text("from .base import *\n" if name != "__init__" else text)
    body = (own_site / "mysite/settings.py").read_text().replace("parent.parent", "parent.parent.parent")
    (settings / "base.py").write_text(body)
    (own_site / "mysite/settings.py").unlink()
    described = await describe(own_site)
    assert described["source"] == "live"
    assert (
        "settings module mysite.settings.local: mysite/settings/local.py, chosen by its name before"
        in described["notes"][0]
    )
    assert "set DJANGO_SETTINGS_MODULE to choose another" in described["notes"][0]


async def test_without_any_settings_the_models_are_static_and_the_variable_is_named(tmp_path: Path) -> None:
    files = {name: text for name, text in DJANGO_SHOP.items() if name.endswith("models.py")}
    note = await note_of(django_shop.write(tmp_path / "library", files))
    assert "no Django settings module was found" in note
    assert "set DJANGO_SETTINGS_MODULE" in note


async def test_static_answers_agree_with_live_ones(own_site: Path) -> None:
    live = {name: await describe(own_site, name) for name in ("Review", "shop.Product", "Profile", "Tag")}
    (own_site / "mysite/settings.py").write_text("1 / 0\n")
    for name, described in live.items():
        static = await describe(own_site, name)
        assert static["source"] == "static"
        assert static["table"] == described["table"]
        for field in static["fields"]:
            known = next(item for item in described["fields"] if item["name"] == field["name"])
            for key in ("column", "nullable", "primary_key", "unique", "hidden", "line"):
                assert field[key] == known[key], (name, field["name"], key)  # type: ignore[literal-required]
            assert field["indexed"] in (known["indexed"], False), "an index in Meta is not in the scan"


async def test_a_project_below_the_root_is_set_up_from_its_own_folder(own_site: Path, tmp_path: Path) -> None:
    root = tmp_path / "monorepo"
    (root / "frontend").mkdir(parents=True)
    own_site.rename(root / "backend")
    edit(root / "backend/mysite/settings.py", 'BASE_DIR / "shop.sqlite3"', '"shop.sqlite3"')
    described = await describe(root)
    assert (described["source"], described["row_count"], described["notes"]) == ("live", 24, [])


def test_settings_text_of_the_fixture_logs_to_a_file() -> None:
    """So that the test about files left behind can fail."""
    assert "FileHandler" in SETTINGS
