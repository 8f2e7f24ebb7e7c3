"""Brings a database's schema up to date, from inside the program and its own transaction."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def configuration(db: Connection | None = None) -> Config:
    """Alembic's settings for these migrations; with `db` they run in its open transaction."""
    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = db
    return config


def upgrade(db: Connection) -> None:
    """Run the migrations that the database has not seen."""
    command.upgrade(configuration(db), "head")
