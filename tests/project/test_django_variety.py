"""Less usual Django models: keys of several columns, inheritance across tables, generic relations, naive times."""

import sys
from pathlib import Path
from typing import Any

import django_shop
import pytest

from aksara_agent.project.failures import QueryError
from aksara_agent.project.project import Project


def add_app(site: Path, models: str, rows: str, settings: str = "") -> Path:
    """The shop with one more app, migrated and filled."""
    django_shop.write(site, {"events/__init__.py": "", "events/models.py": models})
    path = site / "mysite/settings.py"
    path.write_text(path.read_text() + f"INSTALLED_APPS.append('events')\n{settings}\n")
    django_shop.run(site, "manage.py", "makemigrations", "events")
    django_shop.run(site, "manage.py", "migrate")
    start = "import django; django.setup()\nfrom events.models import *\n"
    django_shop.run(site, "-c", start + rows, DJANGO_SETTINGS_MODULE="mysite.settings")
    return site


async def ask(project: Project, model: str, **request: Any) -> list[dict[str, Any]]:
    return (await project.query({"model": model, **request}))["rows"]  # type: ignore[typeddict-item]


async def test_inheritance_across_tables_and_library_bases_are_followed(own_site: Path) -> None:
    models = """
        from django.contrib.auth.models import Group
        from django.db import models

        class Team(Group):
            motto = models.CharField(max_length=40, null=True)

        class League(Team):
            level = models.IntegerField()
    """
    site = add_app(own_site, models, "League.objects.create(name='first', motto='on', level=1)")
    async with Project.open(site, python=sys.executable) as project:
        league = await project.describe("League")
        assert (league["table"], league["source"], league["row_count"]) == ("events_league", "live", 1)
        assert {"name", "motto", "level"} <= {field["name"] for field in league["fields"]}
        filters = {"name": "first", "motto__isnull": False, "level__gt": 0, "user__isnull": True}
        assert await ask(project, "League", filters=filters, fields=["pk", "name", "motto", "level"]) == [
            {"pk": 1, "name": "first", "motto": "on", "level": 1}
        ]
        assert await ask(project, "Team", filters={"league__level": 1}, fields=["name"]) == [{"name": "first"}]
        assert await ask(project, "Team", filters={"not": {"league__level": 1}}) == []


async def test_a_primary_key_of_two_columns_is_described_and_pages_are_stable(own_site: Path) -> None:
    models = """
        from django.db import models
        from shop.models import Tag

        class Seat(models.Model):
            pk = models.CompositePrimaryKey("row", "number")
            row = models.CharField(max_length=2)
            number = models.IntegerField()
            tag = models.ForeignKey(Tag, models.CASCADE, null=True)
    """
    rows = "for n in range(6): Seat.objects.create(row='ab'[n % 2], number=n, tag_id=None if n % 3 else 1)"
    site = add_app(own_site, models, rows)
    async with Project.open(site, python=sys.executable) as project:
        seat = await project.describe("Seat")
        assert [field["name"] for field in seat["fields"] if field["primary_key"]] == ["row", "number"]
        assert {"kind": "primary_key", "name": None, "columns": ["row", "number"]} in seat["constraints"]
        found = await ask(project, "Seat", fields=["number"], filters={"number__gt": 0}, limit=3, offset=1)
        assert [row["number"] for row in found] == [4, 1, 3]
        assert len(await ask(project, "Tag", filters={"seat__number": 3})) == 1
        assert len(await ask(project, "Seat", filters={"not": {"tag__name": "new"}})) == 4
        assert await ask(project, "Seat", filters={"or": [{"number__in": []}, {"not": {}}]}) == []


async def test_generic_relations_and_odd_fields_neither_break_nor_mislead(own_site: Path) -> None:
    models = """
        from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
        from django.contrib.contenttypes.models import ContentType
        from django.db import models

        class Upper(models.CharField):
            def from_db_value(self, value, expression, connection):
                return value.upper()

        class Note(models.Model):
            content_type = models.ForeignKey(ContentType, models.CASCADE)
            object_id = models.PositiveIntegerField()
            about = GenericForeignKey()

        class Thing(models.Model):
            name = Upper(max_length=9, db_column="the name")
            data = models.BinaryField()
            span = models.DurationField(null=True)
            file = models.FileField()
            address = models.GenericIPAddressField(null=True)
            notes = GenericRelation(Note)
            other = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
            friends = models.ManyToManyField("self")
            area = models.GeneratedField(
                expression=models.F("id") * 2, output_field=models.IntegerField(), db_persist=False
            )
    """
    rows = "t = Thing.objects.create(name='x', data=b'123', file='a.txt', address='10.0.0.1')\n"
    rows += "u = Thing.objects.create(name='y', data=b'', file='', other=t); t.friends.add(u)"
    site = add_app(own_site, models, rows)
    async with Project.open(site, python=sys.executable) as project:
        thing = await project.describe("Thing")
        assert [relation["name"] for relation in thing["relations"]] == ["other", "friends"]
        assert next(field["default"] for field in thing["fields"] if field["name"] == "area").startswith("generated: ")
        (row,) = await ask(project, "Thing", filters={"address__startswith": "10.", "area": 2})
        assert (row["name"], row["data"], row["file"], row["span"]) == ("X", "<3 bytes>", "a.txt", None)
        assert len(await ask(project, "Thing", filters={"friends__name": "y"})) == 1
        assert len(await ask(project, "Thing", filters={"other__other__isnull": True})) == 2
        with pytest.raises(QueryError, match="span is a DurationField column"):
            await ask(project, "Thing", filters={"span": 5})
        with pytest.raises(QueryError, match="Thing has no field 'notes'"):
            await ask(project, "Thing", filters={"notes__object_id": 1})


async def test_without_time_zones_text_means_the_wall_clock_of_the_project(own_site: Path) -> None:
    models = """
        from django.db import models

        class Event(models.Model):
            name = models.CharField(max_length=9)
            at = models.DateTimeField()
    """
    rows = "import datetime as dt\nEvent.objects.create(name='noon', at=dt.datetime(2024, 7, 1, 12, 0))\n"
    rows += "from django.utils import timezone\nEvent.objects.create(name='now', at=timezone.now())"
    site = add_app(own_site, models, rows, "USE_TZ = False\nTIME_ZONE = 'Asia/Tokyo'")
    async with Project.open(site, python=sys.executable) as project:

        async def names(**filters: Any) -> list[str]:
            return [row["name"] for row in await ask(project, "Event", filters=filters)]

        assert await names(at="2024-07-01T12:00:00") == ["noon"]
        assert await names(at="2024-07-01T03:00:00Z") == ["noon"]
        assert await names(at__range=["now-1h", "now+1h"]) == ["now"]
        assert (await ask(project, "Event"))[0]["at"] == "2024-07-01T12:00:00"
