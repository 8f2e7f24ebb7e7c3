"""Articles that earlier rules judged are found at once."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_article_judged_with"), "article", ["judged_with"])
