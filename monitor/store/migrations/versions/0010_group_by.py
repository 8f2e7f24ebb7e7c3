"""Whether a reader's digests have places or themes for their first headings."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscription", sa.Column("group_by", sa.Text(), nullable=False, server_default="region"))
