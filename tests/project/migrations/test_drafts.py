"""The next migration: what it holds, what it is called, what it refuses to guess."""

from __future__ import annotations

import pytest
from press import MODELS, Press

from aksara_agent.errors import ProjectError

pytestmark = pytest.mark.thorough("postgres")  # test_proofs.py has a bit of each on both databases
TITLE = "    title: Mapped[str] = mapped_column(String(200))\n"
SUBTITLE = "    subtitle: Mapped[str | None] = mapped_column(String(200))\n"
SLUG = "    slug: Mapped[str] = mapped_column(String(50))\n"
OPTIONAL_SLUG = "    slug: Mapped[str | None] = mapped_column(String(50))\n"
STEPS = ["no drift is left", "rows are kept", "downgrade to 0002", "the downgrade leads back"]


def kinds(draft: object) -> list[str]:
    return [item["kind"] for item in draft["operations"]]  # type: ignore[index]


async def test_equal_models_need_no_migration(press: Press) -> None:
    draft = await press.draft()
    assert (draft["operations"], draft["questions"], "content" in draft) == ([], [], False)
    assert draft["state"]["sentences"] == ["The database is at head 0002."]


async def test_a_new_column_is_proven_and_named_like_its_predecessors(press: Press) -> None:
    press.change(TITLE, TITLE + OPTIONAL_SLUG)
    draft = await press.draft()
    assert draft["path"] == "migrations/versions/0003_add_post_slug.py"
    assert kinds(draft) == ["add_column"]
    assert [step for step in STEPS if step not in draft["proof"]["steps"]] == []
    assert draft["proof"]["rows"] == "with all rows"
    assert "ALTER TABLE posts ADD COLUMN slug VARCHAR(50)" in draft["sql"]


async def test_a_draft_touches_neither_files_nor_database(press: Press) -> None:
    press.change(TITLE, TITLE + OPTIONAL_SLUG)
    files = {path: path.read_bytes() for path in press.root.rglob("*") if path.is_file()}
    await press.draft()
    assert {path: path.read_bytes() for path in press.root.rglob("*") if path.is_file()} == files
    assert press.query("SELECT version_num FROM alembic_version") == [("0002",)]
    assert press.query("SELECT count(*) FROM posts") == [(3,)]


async def test_the_migration_does_to_the_real_database_what_the_proof_promised(press: Press) -> None:
    press.change(TITLE, "    headline: Mapped[str] = mapped_column(String(200), index=True)\n")
    press.write(await press.draft(renames={"posts.title": "headline"}))
    press.alembic("upgrade", "head")
    assert press.query("SELECT headline FROM posts ORDER BY id") == [("Alpha",), ("Beta",), ("Gamma",)]
    press.alembic("check")
    press.alembic("downgrade", "-1")
    assert press.query("SELECT title FROM posts ORDER BY id") == [("Alpha",), ("Beta",), ("Gamma",)]


async def test_an_index_is_added(press: Press) -> None:
    press.change(TITLE, TITLE.replace("String(200)", "String(200), index=True"))
    draft = await press.draft()
    assert draft["path"] == "migrations/versions/0003_add_post_index.py"
    assert [(item["kind"], item["name"]) for item in draft["operations"]] == [("create_index", "ix_posts_title")]
    locking = draft["operations"][0]["locking"]
    assert (locking is not None and "writes wait" in locking) == (press.kind == "postgres")


async def test_what_may_be_a_rename_is_asked_and_not_dropped(press: Press) -> None:
    press.change(SUBTITLE, SUBTITLE.replace("subtitle", "tagline"))
    draft = await press.draft()
    assert "content" not in draft
    (question,) = draft["questions"]
    assert (question["about"], question["candidates"]) == ("posts.subtitle", ["tagline"])
    assert 'renames={"posts.subtitle": "tagline"}' in question["question"]
    assert 'drop=["posts.subtitle"]' in question["question"]


async def test_a_column_that_may_be_dropped_is_flagged_as_lost(press: Press) -> None:
    press.change(SUBTITLE, SUBTITLE.replace("subtitle", "tagline"))
    draft = await press.draft(drop=["posts.subtitle"])
    dropped = next(item for item in draft["operations"] if item["kind"] == "drop_column")
    assert dropped["destructive"]
    assert dropped["notes"] == ["the values of posts.subtitle are lost"]
    assert draft["proof"]["proven"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"renames": {"posts.titel": "headline"}}, "did you mean 'posts.title'"),
        ({"renames": {"posts.title": "header"}}, "did you mean 'headline'"),
        ({"drop": ["authors"]}, "authors is not dropped by this migration"),
    ],
)
async def test_an_answer_about_something_else_is_refused(
    press_on_sqlite: Press, answers: dict[str, object], words: str
) -> None:
    press_on_sqlite.change("    title:", "    headline:")
    with pytest.raises(ProjectError, match=words):
        await press_on_sqlite.draft(**answers)


async def test_a_new_enum_value_is_found(press: Press) -> None:
    press.change('"draft", "live",', '"draft", "review", "live", "gone",')
    draft = await press.draft()
    press.write(draft)
    press.alembic("upgrade", "head")
    press.query("UPDATE posts SET status = 'review' WHERE id = 1")
    if press.kind == "postgres":
        assert draft["sql"][0] == "ALTER TYPE post_status ADD VALUE IF NOT EXISTS 'review' BEFORE 'live'"
        assert draft["path"].endswith("/0003_change_post_status_values.py")


async def test_a_value_that_rows_hold_cannot_be_taken_from_an_enum(press: Press) -> None:
    press.change('"draft", "live",', '"draft",')
    with pytest.raises(ProjectError, match=r"at the step 'upgrade to 0003'.*nothing was written"):
        await press.draft()


async def test_a_value_that_no_row_holds_can_be_taken_from_an_enum(press: Press) -> None:
    press.query("UPDATE posts SET status = 'draft'")
    press.change('"draft", "live",', '"draft",')
    assert (await press.draft())["proof"]["proven"]


async def test_a_changed_check_is_found(press: Press) -> None:
    press.change("price >= 0", "price > 0 AND price IN (1, 2, 3)")
    press.write(await press.draft())
    press.alembic("upgrade", "head")
    with pytest.raises(Exception, match="ck_posts_price_positive"):
        press.query("UPDATE posts SET price = 0 WHERE id = 1")
    assert (await press.draft())["operations"] == []


async def test_a_removed_and_an_added_check_are_found(press: Press) -> None:
    press.change('"price >= 0", name="price_positive"', '"length(title) > 1", name="titled"')
    draft = await press.draft()
    assert [(item["kind"], item["name"]) for item in draft["operations"]] == [
        ("drop_constraint", "ck_posts_price_positive"),
        ("create_check_constraint", "ck_posts_titled"),
    ]


async def test_not_null_on_a_filled_table_asks_for_a_value(press: Press) -> None:
    press.change(TITLE, TITLE + SLUG)
    draft = await press.draft()
    assert "content" not in draft
    assert "posts.slug must not be NULL, but the table has rows without one" in draft["questions"][0]["question"]


async def test_not_null_on_a_filled_table_fills_the_rows_with_the_value(press: Press) -> None:
    press.change(TITLE, TITLE + SLUG)
    press.write(await press.draft(values={"posts.slug": "it's 100%"}))
    press.alembic("upgrade", "head")
    assert press.query("SELECT slug FROM posts") == [("it's 100%",)] * 3
    assert (await press.draft())["operations"] == [], "the default that filled the rows is gone again"


async def test_not_null_takes_the_model_s_own_default(press: Press) -> None:
    press.change(TITLE, TITLE + "    views: Mapped[int] = mapped_column(default=7)\n")
    press.write(await press.draft())
    press.alembic("upgrade", "head")
    assert press.query("SELECT views FROM posts") == [(7,)] * 3


async def test_not_null_on_an_empty_table_needs_no_value(press: Press) -> None:
    press.query("DELETE FROM posts")
    press.change(TITLE, TITLE + SLUG)
    assert (await press.draft())["proof"]["proven"]


async def test_a_column_that_becomes_not_null_has_its_empty_rows_filled(press: Press) -> None:
    press.change(SUBTITLE, SUBTITLE.replace("str | None", "str"))
    assert [item["about"] for item in (await press.draft())["questions"]] == ["posts.subtitle"]
    press.write(await press.draft(values={"posts.subtitle": "none"}))
    press.alembic("upgrade", "head")
    assert press.query("SELECT subtitle FROM posts ORDER BY id") == [("a",), ("none",), ("c",)]


async def test_a_renamed_column_that_becomes_not_null_is_filled_too(press: Press) -> None:
    press.change(SUBTITLE, SUBTITLE.replace("str | None", "str").replace("subtitle", "tagline"))
    answers = {"renames": {"posts.subtitle": "tagline"}}
    assert [item["about"] for item in (await press.draft(**answers))["questions"]] == ["posts.tagline"]
    press.write(await press.draft(**answers, values={"posts.tagline": "-"}))
    press.alembic("upgrade", "head")
    assert press.query("SELECT tagline FROM posts ORDER BY id") == [("a",), ("-",), ("c",)]


async def test_a_table_without_a_model_is_asked_about(press: Press) -> None:
    press.change(MODELS[MODELS.index("class Post(Base)") :], "")
    draft = await press.draft()
    assert [item["about"] for item in draft["questions"]] == ["posts"]
    assert (await press.draft(drop=["posts"]))["operations"][0]["notes"] == ["the rows of posts are lost"]


async def test_models_that_cannot_be_imported_never_drop_a_table(press: Press) -> None:
    press.change("class Post(Base)", "1 / 0\n\n\nclass Post(Base)")
    with pytest.raises(ProjectError, match=r"models\.py:\d+: ZeroDivisionError.*no migration is made from half"):
        await press.draft()


async def test_a_message_names_the_file(press_on_sqlite: Press) -> None:
    press_on_sqlite.change(TITLE, TITLE + OPTIONAL_SLUG)
    draft = await press_on_sqlite.draft(message="Slugs, at last")
    assert draft["path"] == "migrations/versions/0003_slugs_at_last.py"
    assert draft["content"].startswith('"""Slugs, at last"""')


async def test_revisions_that_are_not_numbered_get_an_id_of_alembic_s(press_on_sqlite: Press) -> None:
    versions = "migrations/versions"
    press_on_sqlite.change('revision = "0001"', 'revision = "9af3"', f"{versions}/0001_create_authors.py")
    press_on_sqlite.change('down_revision = "0001"', 'down_revision = "9af3"', f"{versions}/0002_create_posts.py")
    press_on_sqlite.change("[alembic]", "[alembic]\nfile_template = %%(slug)s__%%(rev)s", "alembic.ini")
    press_on_sqlite.change(TITLE, TITLE + OPTIONAL_SLUG)
    draft = await press_on_sqlite.draft()
    assert draft["path"] == f"migrations/versions/add_post_slug__{draft['revision']}.py"
    assert len(draft["revision"]) == 12


async def test_an_enum_type_comes_and_goes_with_its_columns(press_on_postgres: Press) -> None:
    mood = '    mood: Mapped[str | None] = mapped_column(Enum("good", "bad: worse", name="mood"))\n'
    press_on_postgres.change(TITLE, TITLE + mood)
    press_on_postgres.write(await press_on_postgres.draft())
    press_on_postgres.alembic("upgrade", "head")
    press_on_postgres.query("UPDATE posts SET mood = 'bad: worse'")
    press_on_postgres.change(mood, "")
    press_on_postgres.write(await press_on_postgres.draft())
    press_on_postgres.alembic("upgrade", "head")
    assert press_on_postgres.query("SELECT typname FROM pg_type WHERE typname = 'mood'") == []


async def test_a_new_table_takes_its_enum_type_along_when_it_goes(press_on_postgres: Press) -> None:
    table = """

class Note(Base):
    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    mood: Mapped[str] = mapped_column(Enum("good", "bad", name="mood"))
"""
    press_on_postgres.change(MODELS[-20:], MODELS[-20:] + table)
    draft = await press_on_postgres.draft()
    assert draft["path"].endswith("/0003_create_note.py")
    assert "op.execute('DROP TYPE mood')" in draft["content"].partition("def downgrade")[2]
