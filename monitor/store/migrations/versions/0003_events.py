"""Stories by marks that excerpts share too, facts by the keys of all their wordings, and what happened in each version."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Marks and keys come from texts and rules: they are made when an article is judged again."""
    op.drop_table("story_band")
    op.create_table(
        "story_mark",
        sa.Column("mark", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "article_id", name=op.f("pk_story_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "article_telling",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("figures", sa.LargeBinary(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_telling_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_telling")),
    )
    op.create_table(
        "fact_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_key_fact_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", "fact_id", name=op.f("pk_fact_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_fact_key_fact_id"), "fact_key", ["fact_id"])
    op.add_column("article", sa.Column("standing", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("article", sa.Column("origin", sa.Text()))
    op.drop_index("ix_fact_kind", "fact")  # a third of all facts is found by a scan, and each article pays for an index
    op.add_column("fact", sa.Column("plural", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("fact_version", sa.Column("event", sa.Text(), nullable=False, server_default="new"))
    op.add_column("fact_version", sa.Column("about_id", sa.Integer()))
    op.add_column("fact_version", sa.Column("live", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index(op.f("ix_fact_version_about_id"), "fact_version", ["about_id"])
    _name_events()


def _name_events() -> None:
    """Until now each version took the place of the one before it, and one of unknown date had none."""
    op.execute("UPDATE fact_version SET said = substr(CAST(first_seen AS TEXT), 1, 10) WHERE said IS NULL")
    op.execute(
        """
        UPDATE fact_version SET live = (number = (SELECT max(number) FROM fact_version AS other
            WHERE other.fact_id = fact_version.fact_id))
        """
    )
    op.execute(
        """
        UPDATE fact_version SET
            event = CASE WHEN status IS NULL THEN 'revised' ELSE 'status' END,
            about_id = (SELECT id FROM fact_version AS before
                WHERE before.fact_id = fact_version.fact_id AND before.number = fact_version.number - 1)
        WHERE number > 1
        """
    )
