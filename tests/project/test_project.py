"""What a user of Project may rely on, on a real SQLAlchemy project with rows."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from shop_files import POST, SHOP, WriteFiles

from aksara_agent.errors import ProjectError
from aksara_agent.project.failures import UnknownModel, WorkerError
from aksara_agent.project.project import Project


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="nowhere does not exist"):
        Project.open(tmp_path / "nowhere")


def test_a_file_is_refused_and_its_folder_suggested(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("")
    with pytest.raises(ProjectError, match=r"app\.py is a file.*" + tmp_path.name):
        Project.open(tmp_path / "app.py")


async def test_models_are_listed_with_table_file_line_and_fields(project: Project) -> None:
    models = {model["name"]: model for model in await project.models()}
    assert sorted(models) == ["Post", "User"]
    post = models["Post"]
    assert (post["table"], post["file"], post["line"], post["framework"]) == (
        "posts",
        "models/post.py",
        8,
        "sqlalchemy",
    )
    assert post["fields"] == ["id", "title", "body", "price", "author_id", "created_at"]


async def test_describe_is_live_with_indexes_relations_rows_and_lines(project: Project) -> None:
    post = await project.describe("Post")
    assert (post["source"], post["row_count"], post["notes"]) == ("live", 4, [])
    fields = {field["name"]: field for field in post["fields"]}
    assert (fields["title"]["type"], fields["title"]["line"]) == ("String(200)", 13)
    assert fields["price"]["indexed"], "it leads an index"
    assert not fields["title"]["indexed"], "it is only second in an index"
    assert fields["author_id"]["foreign_key"] == "users.id"
    assert fields["created_at"]["file"] == "models/mixins.py"
    assert fields["created_at"]["default"] == "datetime.now()"
    assert post["indexes"] == [{"name": "ix_posts_price_title", "columns": ["price", "title"], "unique": False}]
    assert post["relations"][0]["direction"] == "ManyToOne"
    assert [use["file"] for use in post["used_by"]] == ["views.py"]
    json.dumps(post)


async def test_secrets_are_marked_hidden(project: Project) -> None:
    user = await project.describe("User")
    assert [field["name"] for field in user["fields"] if field["hidden"]] == ["password_hash"]


@pytest.mark.parametrize("name", ["Post", "post", "posts", "models.post.Post", "post.Post", "models/post.py:Post"])
async def test_a_model_answers_to_all_its_usual_names(project: Project, name: str) -> None:
    assert (await project.describe(name))["name"] == "Post"


async def test_an_unknown_name_brings_the_close_and_all_names(project: Project) -> None:
    with pytest.raises(UnknownModel, match=r"Did you mean Post\?.*Known models: Post, User"):
        await project.describe("Pots")


async def test_an_ambiguous_name_lists_the_places(write_files: WriteFiles) -> None:
    root = write_files(SHOP | {"archive/post.py": POST.replace('"posts"', '"old_posts"')})
    async with Project.open(root, python=sys.executable) as project:
        with pytest.raises(ProjectError, match=r"archive/post\.py:8.*models/post\.py:8"):
            await project.describe("Post")
        assert (await project.describe("old_posts"))["file"] == "archive/post.py"


async def test_an_edit_is_seen_by_the_next_describe(project: Project, shop: Path) -> None:
    await project.describe("Post")
    path = shop / "models/post.py"
    path.write_text(
        path.read_text().replace("title: Mapped[str]", "headline: Mapped[str]").replace('"title"', '"headline"')
    )
    described = await project.describe("Post")
    assert described["source"] == "live"
    assert "headline" in [field["name"] for field in described["fields"]]


async def test_looking_at_a_project_leaves_no_files_in_it(project: Project, shop: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in shop.rglob("*")}
    await project.describe("Post")
    await project.query({"model": "Post"})
    await project.check()
    assert {path: path.stat().st_mtime_ns for path in shop.rglob("*")} == before


def test_one_project_serves_several_event_loops(shop: Path) -> None:
    project = Project.open(shop, python=sys.executable)
    counts = [asyncio.run(project.describe("Post"))["row_count"] for _ in range(2)]
    asyncio.run(project.close())
    assert counts == [4, 4]


async def test_many_requests_at_once_are_all_answered(project: Project) -> None:
    pages = await asyncio.gather(*(project.query({"model": "Post", "filters": {"id": n}}) for n in (1, 2, 3, 4)))
    assert [page["rows"][0]["id"] for page in pages] == [1, 2, 3, 4]


def test_setup_names_framework_interpreter_engine_and_masks_the_password(write_files: WriteFiles) -> None:
    url = "postgresql://app:hunter2@db/shop"
    files = {
        "alembic.ini": f"[alembic]\nscript_location = migrations\nsqlalchemy.url = {url}\n",
        "models.py": POST,
    }
    setup = Project.open(write_files(files), python=sys.executable).describe_setup()
    assert (setup["framework"], setup["python"]) == ("sqlalchemy", sys.executable)
    assert setup["database"] == {
        "url": "postgresql://app:***@db/shop",
        "source": "alembic.ini sqlalchemy.url",
    }
    assert setup["migrations"]["folder"] == "migrations"
    assert "hunter2" not in json.dumps(setup)


def test_a_project_without_models_says_so(write_files: WriteFiles) -> None:
    setup = Project.open(write_files({"main.py": "print('hello')\n"})).describe_setup()
    assert setup["framework"] is None
    assert "no models were found in 1 Python files" in setup["problems"][0]


async def test_models_are_listed_and_described_where_their_framework_is_not_installed(write_files: WriteFiles) -> None:
    source = "from aksara import Model, fields\n\nclass Page(Model):\n    title = fields.String()\n"
    async with Project.open(write_files({"cms/models.py": source}), python=sys.executable) as project:
        described = await project.describe("Page")
        assert (described["framework"], described["source"]) == ("aksara", "static")
        assert [field["name"] for field in described["fields"]] == ["title", "id", "created_at", "updated_at"]
        assert f"{sys.executable} -m pip install aksara-framework" in described["notes"][0]
        with pytest.raises(WorkerError, match="No module named 'aksara'"):
            await project.query({"model": "Page"})


def test_importing_the_package_stays_light() -> None:
    names = "('asyncio', 'sqlalchemy')"
    code = f"import sys, aksara_agent.project.project; print([m for m in {names} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
