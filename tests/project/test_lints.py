"""Each rule finds its flaw with place and change, and stays silent where nothing is certain."""

from pathlib import Path

import pytest
from shop_files import SHOP, WriteFiles

from aksara_agent.project.project import Project
from aksara_agent.results import Finding


async def findings(root: Path, rule: str, model: str | None = None) -> list[Finding]:
    async with Project.open(root) as project:
        return [finding for finding in await project.check(model) if finding["rule"] == rule]


def model(name: str, body: str, imports: str = "") -> str:
    return (
        "from sqlalchemy import *\nfrom sqlalchemy.orm import Mapped, mapped_column, relationship\n"
        f"from database import Base\n{imports}class {name}(Base):\n    __tablename__ = '{name.lower()}'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n" + body
    )


async def test_a_foreign_key_without_index_is_found_at_its_line(shop: Path) -> None:
    (found,) = await findings(shop, "foreign-key-without-index")
    assert (found["file"], found["line"], found["verified"]) == ("models/post.py", 16, True)
    assert "add index=True to Post.author_id, or Index('ix_posts_author_id', 'author_id')" in found["fix"]


@pytest.mark.parametrize(
    "body",
    [
        "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), index=True)\n",
        "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), unique=True)\n",
        "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'))\n"
        "    __table_args__ = (Index('i', 'user_id', 'id'),)\n",
        "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'))\n"
        "    __table_args__ = (UniqueConstraint('user_id', 'id'),)\n",
    ],
)
async def test_an_index_of_any_form_silences_it(write_files: WriteFiles, body: str) -> None:
    root = write_files(SHOP | {"note.py": model("Note", body)})
    assert await findings(root, "foreign-key-without-index", "Note") == []


async def test_an_index_that_only_the_database_has_silences_it(shop: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(shop / "shop.db")
    connection.execute("CREATE INDEX by_hand ON posts (author_id)")
    connection.close()
    assert await findings(shop, "foreign-key-without-index") == []
    async with Project.open(shop) as project:
        notes = (await project.describe("Post"))["notes"]
    assert notes == ["the database has an index on posts(author_id) that the model does not declare"]


async def test_ordering_by_a_field_without_index_is_found_with_its_evidence(shop: Path) -> None:
    (found,) = await findings(shop, "ordered-or-filtered-without-index")
    assert found["evidence"] == ["views.py:6"]
    assert (found["severity"], found["file"]) == ("medium", "models/mixins.py")
    assert "Post.created_at" in found["fix"]


async def test_an_email_of_an_account_without_unique_is_found(shop: Path) -> None:
    (found,) = await findings(shop, "unique-candidate")
    assert found["issue"].startswith("User.email")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Member", "    email: Mapped[str] = mapped_column(unique=True)\n"),
        (
            "Member",
            "    email: Mapped[str]\n    org: Mapped[int]\n    __table_args__ = (UniqueConstraint('org', 'email'),)\n",
        ),
        ("LoginAttempt", "    email: Mapped[str]\n"),
    ],
)
async def test_an_email_that_is_unique_or_may_repeat_is_left_alone(
    write_files: WriteFiles, name: str, body: str
) -> None:
    root = write_files(SHOP | {"m.py": model(name, body)})
    assert await findings(root, "unique-candidate", name) == []


PAIR = (
    "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'))\n"
    "    post_id: Mapped[int] = mapped_column(ForeignKey('posts.id'))\n"
)


async def test_an_association_that_can_hold_a_pair_twice_is_found(write_files: WriteFiles) -> None:
    root = write_files(SHOP | {"like.py": model("Like", PAIR)})
    (found,) = await findings(root, "association-without-unique", "Like")
    assert "UniqueConstraint('user_id', 'post_id')" in found["fix"]


@pytest.mark.parametrize(
    "body",
    [
        PAIR + "    __table_args__ = (UniqueConstraint('post_id', 'user_id'),)\n",
        PAIR + "    body: Mapped[str]\n",
    ],
)
async def test_a_unique_pair_or_an_entity_of_its_own_is_left_alone(write_files: WriteFiles, body: str) -> None:
    root = write_files(SHOP | {"like.py": model("Like", body)})
    assert await findings(root, "association-without-unique", "Like") == []


@pytest.mark.parametrize(("key", "count"), [("", 1), (", primary_key=True", 0)])
async def test_a_join_table_without_key_is_found(write_files: WriteFiles, key: str, count: int) -> None:
    table = (
        f"links = Table('links', Base.metadata, Column('note_id', ForeignKey('note.id'){key}), "
        f"Column('user_id', ForeignKey('users.id'){key}))\n"
    )
    body = "    users: Mapped[list['User']] = relationship(secondary=links)\n"
    root = write_files(SHOP | {"note.py": model("Note", body, table)})
    assert len(await findings(root, "association-without-unique", "Note")) == count


async def test_a_foreign_key_whose_annotation_hides_null_is_found(write_files: WriteFiles) -> None:
    body = "    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), nullable=True)\n"
    root = write_files(SHOP | {"note.py": model("Note", body)})
    (found,) = await findings(root, "nullable-foreign-key", "Note")
    assert "Mapped[int | None]" in found["fix"]


async def test_a_titled_model_served_by_id_gets_a_suggestion_only(write_files: WriteFiles) -> None:
    view = (
        "from web import app\nfrom models.post import Post\n"
        "@app.get('/posts/{post_id}')\ndef show(post_id):\n    return Post\n"
    )
    (found,) = await findings(write_files(SHOP | {"routes.py": view}), "missing-slug")
    assert (found["severity"], found["evidence"]) == ("info", ["routes.py:3"])


async def test_without_a_worker_findings_are_not_verified(write_files: WriteFiles) -> None:
    root = write_files(SHOP | {"database.py": SHOP["database.py"] + "\n    raise RuntimeError('no')\n"})
    (found,) = await findings(root, "foreign-key-without-index")
    assert found["verified"] is False


@pytest.mark.parametrize(
    "code",
    [
        "if session.scalar(select(Note).where(Note.code == code)):\n    raise ValueError\n",
        "note = session.query(Note).filter(Note.code == code).one_or_none()\n",
        "taken = session.query(Note).filter(Note.code == code).exists()\n",
    ],
)
async def test_a_field_that_is_looked_up_as_if_it_were_unique_is_found(write_files: WriteFiles, code: str) -> None:
    files = {"note.py": model("Note", "    code: Mapped[str]\n"), "find.py": f"from note import Note\n{code}"}
    (found,) = await findings(write_files(SHOP | files), "lookup-without-unique", "Note")
    assert found["evidence"] == ["find.py:2"]
    assert found["fix"].startswith("add unique=True to Note.code")


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("Mapped[str] = mapped_column(unique=True)", "if session.scalar(select(Note).where(Note.code == code)): ...\n"),
        ("Mapped[str]", "if session.scalar(select(Note).where(Note.code == code, Note.id > 3)): ...\n"),
        ("Mapped[str]", "if session.scalar(select(Note).where(Note.code != code)): ...\n"),
        ("Mapped[str]", "notes = session.scalars(select(Note).where(Note.code == code)).all()\n"),
    ],
)
async def test_a_lookup_that_expects_several_rows_or_a_unique_field_is_left_alone(
    write_files: WriteFiles, field: str, code: str
) -> None:
    files = {"note.py": model("Note", f"    code: {field}\n"), "find.py": f"from note import Note\n{code}"}
    assert await findings(write_files(SHOP | files), "lookup-without-unique", "Note") == []
