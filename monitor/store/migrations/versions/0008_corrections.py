"""What people decide by hand: the log of it, and what it leaves on facts, their keys and versions, and stories."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fact", sa.Column("dismissed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("fact", sa.Column("by_hand", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("fact_key", sa.Column("misread", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("fact_version", sa.Column("stand_in_id", sa.Integer()))
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made", sa.DateTime(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer()),
        sa.Column("concerned", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("last_fact", sa.Integer()),
        sa.Column("last_version", sa.Integer()),
        sa.Column("undone", sa.DateTime()),
        sa.Column("undone_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    for column in ("version_id", "last_fact", "last_version"):
        op.create_index(op.f(f"ix_correction_{column}"), "correction", [column])
    _pairs("facts_apart", "fact")
    _pairs("story_pair", "article", sa.Column("together", sa.Boolean(), nullable=False))


def _pairs(name: str, of: str, *more: sa.Column[bool]) -> None:
    keys = [
        sa.ForeignKeyConstraint([key], [f"{of}.id"], name=op.f(f"fk_{name}_{key}"), ondelete="CASCADE")
        for key in ("one_id", "other_id")
    ]
    op.create_table(
        name,
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        *more,
        *keys,
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_other_id"), name, ["other_id"])
