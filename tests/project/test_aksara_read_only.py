"""The worker's connection of an Aksara project refuses every way of writing that we know."""

import json
from pathlib import Path

import aksara_shop
import psycopg
from aksara_shop import AksaraShop
from test_django_read_only import POSTGRESQL

from aksara_agent.project import worker

ATTEMPTS = Path(__file__).with_name("aksara_attempts.py")
BOOT = Path(worker.__file__).with_name("boot.py")
STATEMENTS = [item.replace("shop_tag_id_seq", "aksara_migrations_id_seq") for item in POSTGRESQL]
STATEMENTS = [item.replace("shop_tag", "tags") for item in STATEMENTS]
# Through the framework, on our connection and on a pool that the project opens itself.
BY_FRAMEWORK = [
    "Tag.objects.create(name='x')",
    "Tag.objects.filter(name='new').update(name='x')",
    "Tag.objects.filter(name='new').delete()",
    "Tag.objects.bulk_create([Tag(name='x')])",
    "Tag.objects.get_or_create(name='x')",
    "Tag(name='x').save()",
    "Product(slug='x', title='x').tags.clear()",
    "Database.get_instance().execute('DROP TABLE products_tags')",
    "executor.ensure_migrations_table(Database.get_instance())",
    "executor.apply_migrations(Database.get_instance(), 'migrations')",
]


def attempt(shop: AksaraShop, attempts: list[str], seconds: float = 5.0) -> list[str]:
    asked = json.dumps({"attempts": attempts, "seconds": seconds})
    return [
        str(item) for item in json.loads(aksara_shop.run(shop.python, shop.root, str(ATTEMPTS), str(BOOT), text=asked))
    ]


def state(shop: AksaraShop) -> list[tuple[object, ...]]:
    with psycopg.connect(shop.url) as connection:
        return connection.execute(
            "SELECT (SELECT array_agg(name ORDER BY name) FROM tags), (SELECT count(*) FROM products_tags), "
            "(SELECT array_agg(relname ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
        ).fetchall()


def test_every_attempt_is_refused_and_the_database_stays_the_same(own_aksara: AksaraShop) -> None:
    before = state(own_aksara)
    attempts = STATEMENTS + [mark + text for mark in "=@" for text in BY_FRAMEWORK]
    assert len(attempts) >= 45
    for tried, outcome in zip(attempts, attempt(own_aksara, attempts), strict=True):
        assert outcome.startswith("refused: "), tried
    assert state(own_aksara) == before


def test_the_framework_is_refused_by_the_database_and_not_by_a_mistake_of_the_test(aksara_site: AksaraShop) -> None:
    for mark in "=@":
        outcomes = attempt(aksara_site, [mark + text for text in BY_FRAMEWORK])
        assert [outcome for outcome in outcomes if "read-only transaction" not in outcome] == []
        assert attempt(aksara_site, [mark + "Tag.objects.count()"]) == ["done: 4"]


def test_reading_works_and_a_query_that_never_ends_is_stopped(aksara_site: AksaraShop) -> None:
    assert attempt(aksara_site, ["SELECT count(*) FROM tags"]) == ["done: [(4,)]"]
    assert "took longer than 0.2 s" in attempt(aksara_site, ["SELECT pg_sleep(60)"], seconds=0.2)[0]


def test_one_transaction_sees_one_state(aksara_site: AksaraShop) -> None:
    assert attempt(aksara_site, ["SELECT current_setting('transaction_isolation')"]) == ["done: [('repeatable read',)]"]


def test_nothing_of_the_transaction_stays_with_a_pooled_connection(aksara_site: AksaraShop) -> None:
    """Behind a pooler in transaction mode the next client gets the same server session."""
    names = ("default_transaction_read_only", "statement_timeout")
    settings = [f"SELECT current_setting('{name}'), reset_val FROM pg_settings WHERE name = '{name}'" for name in names]
    read_only, timeout = attempt(aksara_site, settings)
    assert read_only == "done: [('off', 'off')]"
    assert timeout == "done: [('5s', '0')]", "for this transaction alone"
