"""Until when a subscription is paused, and when its reader ended it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscription", sa.Column("paused_until", sa.DateTime()))
    op.add_column("subscription", sa.Column("unsubscribed", sa.DateTime()))
