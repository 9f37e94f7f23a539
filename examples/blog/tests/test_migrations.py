"""The migrations and the models describe the same database."""

from alembic import command
from alembic.config import Config


def test_migrations_equal_the_models(migrations: Config) -> None:
    command.check(migrations)


def test_migrations_can_be_undone_and_repeated(migrations: Config) -> None:
    command.downgrade(migrations, "base")
    command.upgrade(migrations, "head")
    command.check(migrations)
