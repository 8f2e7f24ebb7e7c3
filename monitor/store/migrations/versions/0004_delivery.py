"""Who has a message in hand, its content apart from it; how fast mail goes to each domain."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("claimant", sa.Text()))
    op.create_table(
        "message_body",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_body_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_body")),
    )
    op.execute("INSERT INTO message_body (message_id, body) SELECT id, body FROM message")
    op.drop_column("message", "body")
    op.create_table(
        "mail_pace",
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("next_slot", sa.DateTime()),
        sa.Column("paused_until", sa.DateTime()),
        sa.Column("pause", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_pace")),
    )
