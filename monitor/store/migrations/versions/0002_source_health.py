"""How a source fares and its own rhythm; since when an address is known."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("health", sa.Text()),
        sa.Column("since", sa.DateTime()),
        sa.Column("every", sa.Integer()),
        sa.Column("interval", sa.Integer()),
        sa.Column("idle", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("last_news", sa.DateTime()),
        sa.Column("usual_gap", sa.Integer()),
        sa.Column("dialect", sa.Text()),
    ):
        op.add_column("source_state", column)
    op.add_column("visit", sa.Column("first", sa.DateTime()))
    op.execute("UPDATE visit SET first = visited")
