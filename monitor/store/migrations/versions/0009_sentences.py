"""Articles are compared by their whole sentences too; those stored before have none until they are judged again."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("sentences", sa.LargeBinary(), nullable=False, server_default=sa.text("''"))
    op.add_column("article_telling", column)
