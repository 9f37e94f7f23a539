"""How Alembic reaches the models and the database."""

from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool

import settings
from models import Base

config = context.config

# A program that runs migrations itself keeps its own logging.
if config.config_file_name and config.attributes.get("configure_logging", True):
    fileConfig(config.config_file_name, disable_existing_loggers=False)

url = config.get_main_option("sqlalchemy.url") or settings.DATABASE_URL


def run_offline() -> None:
    """Write the migrations as SQL, without a database."""
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the migrations on the database."""
    # Not the application's engine: it enforces foreign keys, and a batch migration on SQLite drops and
    # rebuilds the table, which would then delete the rows that refer to it.
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
