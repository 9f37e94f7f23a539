"""The worker's connection of a Django project refuses every way of writing that we know, on SQLite and PostgreSQL."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import django_shop
import psycopg
import pytest
from django_shop_files import SETTINGS
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text as sql_text
from sqlalchemy.engine import make_url
from test_read_only import ESCAPES

from aksara_agent.project.project import Project
from aksara_agent.project.worker.database import Database
from aksara_agent.project.worker.failures import RequestError
from aksara_agent.project.worker.readonly import read_only

ATTEMPTS = Path(__file__).with_name("django_attempts.py")
# Through the ORM, on our connection and on the project's own.
BY_ORM = [
    "=Tag.objects.using(ALIAS).create(name='x')",
    "=Tag.objects.using(ALIAS).update(name='x')",
    "=Tag.objects.using(ALIAS).all().delete()",
    "=Tag.objects.using(ALIAS).bulk_create([Tag(name='x')])",
    "=Tag.objects.using(ALIAS).get_or_create(name='x')",
    "=Tag.objects.using(ALIAS).first().save()",
    "=Product.objects.using(ALIAS).first().tags.clear()",
    "=Tag.objects.using(ALIAS).raw('DELETE FROM shop_tag RETURNING id')[0]",
    "=connections[ALIAS].schema_editor().__enter__().delete_model(Tag)",
    "=call_command('flush', database=ALIAS, interactive=False)",
    "=Tag.objects.create(name='x')",
    "=Tag.objects.all().delete()",
    "=call_command('flush', interactive=False)",
]
SQLITE = [item.replace("notes", "shop_tag") for item in ESCAPES]
SQLITE += ["INSERT INTO shop_tag (name) VALUES ('x')", "SELECT 1; DELETE FROM shop_tag", "SELECT writefile('x', 'y')"]
POSTGRESQL = [
    "INSERT INTO shop_tag (name) VALUES ('x')",
    "UPDATE shop_tag SET name = 'x'",
    "DELETE FROM shop_tag",
    "TRUNCATE shop_tag CASCADE",
    "DROP TABLE shop_tag CASCADE",
    "ALTER TABLE shop_tag RENAME TO other",
    "CREATE TABLE fresh (id int)",
    "CREATE TEMP TABLE fresh (id int)",
    "CREATE INDEX fresh ON shop_tag (name)",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE fresh",
    "SELECT * INTO fresh FROM shop_tag",
    "WITH gone AS (DELETE FROM shop_tag RETURNING *) SELECT * FROM gone",
    "EXPLAIN ANALYZE DELETE FROM shop_tag",
    "SET TRANSACTION READ WRITE",
    "SET transaction_read_only = off",
    "SELECT set_config('transaction_read_only', 'off', true)",
    "SELECT nextval('shop_tag_id_seq')",
    "SELECT setval('shop_tag_id_seq', 1)",
    "SELECT lo_create(0)",
    "SELECT * FROM shop_tag FOR UPDATE",
    "COMMENT ON TABLE shop_tag IS 'x'",
    "GRANT ALL ON shop_tag TO PUBLIC",
    "VACUUM shop_tag",
    "CREATE TABLE fresh AS SELECT 1",
    "COMMIT; INSERT INTO shop_tag (name) VALUES ('x')",
    "ROLLBACK; DELETE FROM shop_tag",
    "SELECT 1; DELETE FROM shop_tag",
    "DO $$ BEGIN DELETE FROM shop_tag; END $$",
    "COPY shop_tag (name) FROM PROGRAM 'echo x'",
]


def attempt(shop: Path, attempts: list[str], seconds: float = 5.0) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-B", str(ATTEMPTS), "mysite.settings"],
        cwd=shop,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(shop), *sys.path])},
        input=json.dumps({"attempts": attempts, "seconds": seconds}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [str(outcome) for outcome in json.loads(done.stdout)]


def test_sqlite_refuses_every_attempt_and_stays_the_same(own_site: Path) -> None:
    before = (own_site / "shop.sqlite3").read_bytes()
    attempts = [item.format(folder=own_site) for item in SQLITE] + BY_ORM
    for tried, outcome in zip(attempts, attempt(own_site, attempts), strict=True):
        assert outcome.startswith("refused: "), tried
    assert (own_site / "shop.sqlite3").read_bytes() == before
    assert not list(own_site.glob("*.db"))


def test_reading_works_and_a_query_that_never_ends_is_stopped(django_site: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    assert attempt(django_site, ["SELECT count(*) FROM shop_tag"]) == ["done: [(4,)]"]
    assert "took longer than 0.2 s" in attempt(django_site, [endless], seconds=0.2)[0]


@pytest.fixture(scope="module")
def on_postgresql(postgres: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Django shop on a PostgreSQL server, with rows."""
    url = postgres.get_uri()  # type: ignore[attr-defined]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE django_shop")
    address = {"ENGINE": "django.db.backends.postgresql", "NAME": "django_shop", "USER": "postgres"}
    databases = address | {"PASSWORD": "hunter2", "HOST": conninfo_to_dict(url)["host"]}
    settings = textwrap.dedent(SETTINGS) + f"DATABASES = {{'default': {databases!r}}}\n"
    return django_shop.build(tmp_path_factory.mktemp("django_postgresql") / "site", settings)


def rows_of(shop: Path) -> str:
    code = "import django; django.setup()\nfrom shop.models import *\n"
    code += "print(list(Tag.objects.values_list('id', 'name')), Product.tags.through.objects.count())"
    return django_shop.run(shop, "-c", code, DJANGO_SETTINGS_MODULE="mysite.settings")


def test_postgresql_refuses_every_attempt_and_keeps_its_rows(on_postgresql: Path) -> None:
    before = rows_of(on_postgresql)
    attempts = POSTGRESQL + BY_ORM
    assert len(attempts) >= 25
    for tried, outcome in zip(attempts, attempt(on_postgresql, attempts), strict=True):
        assert outcome.startswith("refused: "), tried
    assert rows_of(on_postgresql) == before
    assert attempt(on_postgresql, ["SELECT count(*) FROM shop_tag"]) == ["done: [(4,)]"]
    assert "took longer than 0.2 s" in attempt(on_postgresql, ["SELECT pg_sleep(60)"], seconds=0.2)[0]


@pytest.mark.parametrize("statement", POSTGRESQL)
def test_sqlalchemy_on_postgresql_refuses_the_same(postgres: object, on_postgresql: Path, statement: str) -> None:
    uri = postgres.get_uri()  # type: ignore[attr-defined]
    url = make_url(uri).set(drivername="postgresql+psycopg", database="django_shop")
    with pytest.raises(RequestError), read_only(Database(url, "test"), 5) as connection:
        connection.execute(sql_text(statement)).fetchall()


async def test_queries_work_on_postgresql_and_bind_their_values(on_postgresql: Path) -> None:
    async with Project.open(on_postgresql, python=sys.executable) as project:
        described = await project.describe("shop.Product")
        assert (described["source"], described["row_count"], described["notes"]) == ("live", 16, [])
        page = await project.query(
            {
                "model": "shop.Product",
                "filters": {
                    "or": [{"title__contains": "zeta'"}, {"tags__name__iexact": "SALE", "reviews__stars__in": [1, 5]}],
                    "not": {"price__range": [50, "1e3"]},
                    "created_at__lt": "now",
                    "id__ne": "00000000-0000-0000-0000-000000000001",
                },
                "fields": ["slug", "owner__username", "price"],
                "order_by": ["-released", "slug"],
            }
        )
        assert {row["slug"] for row in page["rows"]} >= {"p10"}
        assert page["total"] == len(page["rows"]) > 2
        assert "zeta" not in page["statement"]
        grouped = await project.query(
            {
                "model": "shop.Product",
                "group_by": ["owner__username"],
                "aggregate": {"n": {"function": "count"}, "price": {"function": "avg", "field": "price"}},
                "order_by": ["-n", "owner__username"],
            }
        )
        assert [row["n"] for row in grouped["rows"]] == [4, 4, 4, 4]
        assert (await project.query({"model": "shop.Product", "filters": {"title__contains": "ALPHA"}}))["total"] == 0


async def test_a_server_that_does_not_answer_leaves_the_models_described(on_postgresql: Path, tmp_path: Path) -> None:
    site = django_shop.copy(on_postgresql, tmp_path)
    settings = site / "mysite/settings.py"
    settings.write_text(settings.read_text() + "DATABASES['default'] |= {'HOST': '127.0.0.1', 'PORT': '1'}\n")
    async with Project.open(site, python=sys.executable) as project:
        described = await project.describe("shop.Product")
        assert (described["source"], described["row_count"]) == ("live", None)
        assert "no row count: no connection to database 'default'" in described["notes"][0]
        assert "hunter2" not in json.dumps(described)
