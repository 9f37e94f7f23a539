"""list_models: the models of a project with their places, also where nothing can be imported."""

from pathlib import Path

from tool_use import OpenContext, Use

from aksara_agent.tools.registry import built_in

LIST_MODELS = built_in("list_models")


async def test_the_five_models_of_the_blog_are_listed_where_they_stand(on_blog: Use, blog: Path) -> None:
    answer = await on_blog(LIST_MODELS)
    assert {model["name"]: model["table"] for model in answer["models"]} == {
        "Category": "categories",
        "Comment": "comments",
        "Post": "posts",
        "Tag": "tags",
        "User": "users",
    }
    assert answer["count"] == 5
    assert "problems" not in answer
    for model in answer["models"]:
        line = (blog / model["file"]).read_text().splitlines()[model["line"] - 1]
        assert line.startswith(f"class {model['name']}(")


async def test_fields_are_listed_by_name(on_blog: Use) -> None:
    (post,) = (await on_blog(LIST_MODELS, contains="models/post"))["models"]
    assert {"id", "title", "body", "status", "author_id", "category_id", "created_at"} <= set(post["fields"])


async def test_the_list_is_narrowed_by_a_part_of_the_name_or_file_in_any_case(on_blog: Use) -> None:
    assert [model["name"] for model in (await on_blog(LIST_MODELS, contains="TAG"))["models"]] == ["Tag"]
    assert (await on_blog(LIST_MODELS, contains="nothing like this"))["count"] == 0


async def test_a_model_written_a_moment_ago_is_listed(own_blog: Path, open_context: OpenContext) -> None:
    context = open_context(own_blog)
    assert (await LIST_MODELS.run({}, context))["count"] == 5
    (own_blog / "models/vote.py").write_text(
        "from sqlalchemy.orm import Mapped, mapped_column\nfrom .base import Base\n\n"
        "class Vote(Base):\n    __tablename__ = 'votes'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    answer = await LIST_MODELS.run({"contains": "vote"}, context)
    assert [(model["name"], model["file"], model["line"]) for model in answer["models"]] == [
        ("Vote", "models/vote.py", 4)
    ]


async def test_a_project_that_cannot_be_imported_still_has_its_models_listed(
    own_blog: Path, open_context: OpenContext
) -> None:
    (own_blog / "models/__init__.py").write_text("import nowhere_to_be_found\n")
    (own_blog / "models/broken.py").write_text("from .base import Base\nclass Broken(Base:\n")
    answer = await LIST_MODELS.run({}, open_context(own_blog))
    assert answer["count"] == 5
    assert any(problem.startswith("models/broken.py:2") for problem in answer["problems"])


async def test_a_folder_without_models_says_so_with_what_was_read(tmp_path: Path, use: Use) -> None:
    (tmp_path / "main.py").write_text("print('hello')\n")
    answer = await use(LIST_MODELS)
    assert answer["count"] == 0
    (problem,) = answer["problems"]
    assert problem.startswith(f"No models were found in the 1 Python files of {tmp_path.name}.")
