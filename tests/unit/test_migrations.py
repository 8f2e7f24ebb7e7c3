"""Migrations and tables.py say the same; a migration that stops half way leaves nothing."""

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from monitor.store.engine import OLDER, SCHEMA, connect, migrate, writing
from monitor.store.migrations import configuration, upgrade
from monitor.store.tables import Base


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = connect(f"sqlite:///{tmp_path}/policywatch.sqlite")
    yield opened
    opened.dispose()


def test_the_migrations_make_the_tables_as_declared(engine: Engine) -> None:
    migrate(engine)
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_schema_the_engine_knows_is_the_newest_migration() -> None:
    script = ScriptDirectory.from_config(configuration())
    assert script.get_current_head() == SCHEMA
    assert {step.revision for step in script.walk_revisions()} == {SCHEMA, *OLDER}


def test_migrating_twice_does_nothing_more(engine: Engine) -> None:
    migrate(engine)
    migrate(engine)
    assert len(inspect(engine).get_table_names()) == len(Base.metadata.tables) + 1


def test_a_migration_that_is_killed_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(KeyboardInterrupt), writing(engine) as db:
        upgrade(db)
        raise KeyboardInterrupt
    assert inspect(engine).get_table_names() == []
    migrate(engine)
    assert inspect(engine).has_table("article")


def test_the_migrations_can_be_written_for_postgresql() -> None:
    """Types that only SQLite knows would show here; SQLite's own table options must not."""
    config = configuration()
    config.set_main_option("sqlalchemy.url", "postgresql://nowhere/none")
    with redirect_stdout(StringIO()) as sql:
        config.output_buffer = sql
        command.upgrade(config, "head", sql=True)
    written = sql.getvalue()
    assert written.count("CREATE TABLE") - written.count("DROP TABLE") == len(Base.metadata.tables) + 1
    assert "BYTEA" in written
    assert "ROWID" not in written
