"""What Django adds to a change of rows: on_delete rules, signals, generic relations, its own save() and delete()."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django_warehouse import DJANGO_FILES
from warehouse import Warehouse

from aksara_agent.project import Project
from aksara_agent.project.failures import QueryError, WorkerError

SETTINGS = DJANGO_FILES["settings.py"].replace('["goods"]', '["django.contrib.contenttypes", "goods", "club"]')
CLUB = """
    from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
    from django.contrib.contenttypes.models import ContentType
    from django.db import models
    from django.db.models.signals import post_save

    class Audit(models.Model):
        text = models.CharField(max_length=40)

    class Note(models.Model):
        text = models.CharField(max_length=40)
        content_type = models.ForeignKey(ContentType, models.CASCADE)
        object_id = models.IntegerField()
        about = GenericForeignKey()

    class Tag(models.Model):
        name = models.CharField(max_length=10)

    class Team(models.Model):
        name = models.CharField(max_length=10)
        tags = models.ManyToManyField(Tag)
        notes = GenericRelation(Note)
        joined = models.DateTimeField(auto_now_add=True)
        edited = models.DateTimeField(auto_now=True)

        def clean(self):
            from django.core.exceptions import ValidationError

            if self.name == "Chaos":
                raise ValidationError("no such team")

        def delete(self, *args, **kwargs):
            raise RuntimeError("teams are only marked")

        def save(self, *args, **kwargs):
            if self.name == "bad":
                raise ValueError("not this one")
            super().save(*args, **kwargs)

    class Member(models.Model):
        name = models.CharField(max_length=10)
        team = models.ForeignKey(Team, models.SET_DEFAULT, default=1)
        old_team = models.ForeignKey(Team, models.DO_NOTHING, null=True, related_name="old", db_constraint=False)

        class Meta:
            constraints = [models.UniqueConstraint(fields=["name", "team"], name="one_name_in_a_team")]

    class Badge(models.Model):
        member = models.ForeignKey(Member, models.RESTRICT)

    def write_down(sender, instance, **_):
        Audit.objects.create(text=str(instance.pk))

    post_save.connect(write_down, sender=Team)
"""
FILL = """
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection
    from club.models import *

    call_command("migrate", "contenttypes", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    for number, name in ((1, "Default"), (2, "Red"), (3, "Blue")):
        Team.objects.create(id=number, name=name)
    Team.objects.get(id=2).tags.add(Tag.objects.create(name="old"))
    Note.objects.create(text="hello", about=Team.objects.get(id=2))
    Member.objects.create(id=1, name="Ada", team_id=2)
    Member.objects.create(id=2, name="Bob", team_id=1, old_team_id=3)
    Badge.objects.create(member_id=1)
    Audit.objects.all().delete()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Team, Member]):
            cursor.execute(statement)
"""
TABLES = ("audit", "note", "tag", "team", "team_tags", "member", "badge")


@pytest.fixture
async def club(make_project: Any) -> AsyncIterator[Warehouse]:
    folder = make_project(
        {**DJANGO_FILES, "settings.py": SETTINGS, "club/__init__.py": "", "club/models.py": CLUB, "fill.py": FILL}
    )
    async with Project.open(folder, python=sys.executable) as project:
        yield Warehouse(project)


def everything(club: Warehouse) -> dict[str, list[Any]]:
    return {table: sorted(club.sql(f"SELECT * FROM club_{table}"), key=repr) for table in TABLES}


async def test_what_the_collector_takes_along_is_told_and_brought_back(club: Warehouse) -> None:
    before = everything(club)
    with pytest.raises(QueryError, match=r"it would also set 1 rows by club_member\.team_id, delete 1 rows by"):
        await club.plan("Team", "delete", key=2)
    plan = await club.plan("Team", "delete", key=2, cascade=True)
    assert [(item["table"], item["action"], item["count"]) for item in plan["related"]] == [
        ("club_member", "set", 1),
        ("club_team_tags", "delete", 1),
        ("club_note", "delete", 1),
    ]
    assert "Team has a delete() of its own, which does not run" in plan["notes"][0]
    result = await club.apply("Team", "delete", expected=plan["fingerprint"], key=2, cascade=True)
    assert result["related"] == plan["related"]
    assert club.sql("SELECT team_id FROM club_member WHERE id = 1") == [(1,)]
    assert club.sql("SELECT count(*) FROM club_note") == [(0,)]
    undone = await club.project.rows.undo([result["inverse"]])
    assert undone["restored"] == ["club_member id=1"]
    assert everything(club) == before


async def test_rows_without_a_rule_and_restricted_ones_stand_in_the_way(club: Warehouse) -> None:
    before = everything(club)
    with pytest.raises(QueryError, match=r"1 rows by club_member\.old_team_id still refer to it"):
        await club.apply("Team", "delete", key=3, cascade=True)
    with pytest.raises(QueryError, match=r"1 rows by club_badge\.member_id still refer to it"):
        await club.apply("Member", "delete", key=1, cascade=True)
    assert everything(club) == before


async def test_what_signals_write_is_told_and_auto_now_works(club: Warehouse) -> None:
    edited = club.sql("SELECT joined, edited FROM club_team WHERE id = 2")[0]
    result = await club.apply("Team", "update", key=2, values={"name": "Pink"})
    assert result["notes"] == ["the project's own code also wrote to club_audit, which undo leaves alone"]
    joined, now = club.sql("SELECT joined, edited FROM club_team WHERE id = 2")[0]
    assert joined == edited[0]
    assert now > edited[1]
    await club.project.rows.undo([result["inverse"]])
    assert club.sql("SELECT joined, edited FROM club_team WHERE id = 2")[0] == edited
    assert club.sql("SELECT text FROM club_audit") == [("2",)]


@pytest.mark.parametrize(
    ("model", "values", "message"),
    [
        ("Team", {"name": "Chaos"}, "no such team"),
        ("Team", {"name": "bad"}, r"club/models\.py:\d+: ValueError: not this one"),
        ("Team", {"name": ""}, "name: This field cannot be blank"),
        ("Team", {"tags": [1]}, r"Team\.tags is a relation: write its rows instead"),
        ("Team", {"member_set": [1]}, r"Team\.member_set is a relation: write its rows instead"),
        ("Member", {"name": "Ada", "team": 2}, "already exists"),
        ("Member", {"name": "x", "team": 2, "team_id": 2}, "team_id is given twice, as team_id too"),
        ("Member", {"name": "x", "team": 99}, "team: team instance with id 99 (is not a valid choice|does not exist)"),
        ("Member", {"name": "x", "team": "red"}, "team expects a whole number, not 'red'"),
    ],
)
async def test_the_models_own_rules_hold(club: Warehouse, model: str, values: dict[str, Any], message: str) -> None:
    before = everything(club)
    with pytest.raises((QueryError, WorkerError), match=message):
        await club.apply(model, "create", values=values)
    assert everything(club) == before


async def test_an_update_that_breaks_a_rule_of_two_fields_is_refused(club: Warehouse) -> None:
    before = everything(club)
    with pytest.raises(QueryError, match="Member with this Name and Team already exists"):
        await club.apply("Member", "update", filters={"id__gt": 0}, values={"name": "Ada", "team": 1})
    assert everything(club) == before


async def test_a_relation_is_set_by_its_name_and_by_its_column(club: Warehouse) -> None:
    result = await club.apply("Member", "create", values=[{"name": "x", "team": 3}, {"name": "y", "team_id": 3}])
    assert [row["team_id"] for row in result["rows"]] == [3, 3]


async def test_settings_named_like_production_are_read_only_and_debug_off_alone_is_not(
    club: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = {"key": 2, "values": {"name": "Pink"}}
    await club.plan("Team", "update", **change)  # DEBUG = False
    (club.project.root / "production.py").write_text("from settings import *\n")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "production")
    with pytest.raises(QueryError, match=r"settings module production.*allow_production_writes=True"):
        await club.apply("Team", "update", **change)
    request: Any = {"model": "Team", "action": "update", **change}
    result = await club.project.rows.apply(request, club.call(), production=True)
    with pytest.raises(QueryError, match="looks like a production database"):
        await club.project.rows.undo([result["inverse"]])
    with pytest.raises(QueryError, match="looks like a production database"):
        await club.project.rows.create_ledger()
    assert (await club.project.rows.undo([result["inverse"]], production=True))["restored"] == ["club_team id=2"]


async def test_a_repository_with_both_frameworks_takes_back_both_or_none(club: Warehouse) -> None:
    (club.project.root / "tables.py").write_text(BESIDE)
    rows = club.project.rows
    assert await rows.create_ledger() is True
    before = everything(club)
    team = await club.apply("Team", "update", key=2, values={"name": "Pink"})
    tag = await club.apply("Label", "update", key=1, values={"name": "new"})
    assert (team["inverse"]["framework"], tag["inverse"]["framework"]) == ("django", "sqlalchemy")
    for number, model in ((1, "Team"), (2, "Label")):
        found = await rows.find_call(model, {"run_id": "run", "call_id": f"call-{number}"})
        assert found["entry"]["updated"] == 1
    club.sql("UPDATE club_team SET name = 'Other' WHERE id = 2")
    with pytest.raises(QueryError, match="club_team id=2 changed after the run"):
        await rows.undo([team["inverse"], tag["inverse"]])
    assert club.sql("SELECT name FROM club_tag") == [("new",)]
    club.sql("UPDATE club_team SET name = 'Pink' WHERE id = 2")
    undone = await rows.undo([team["inverse"], tag["inverse"]])
    assert undone["restored"] == ["club_tag id=1", "club_team id=2"]
    assert {**everything(club), "audit": []} == before


BESIDE = """
from sqlalchemy import String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from address import URL

engine = create_engine(URL)


class Base(DeclarativeBase):
    pass


class Label(Base):
    __tablename__ = "club_tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(10))
"""
