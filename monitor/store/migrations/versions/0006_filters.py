"""What a subscription lets through and when it is sent; what readers' own words are looked for in; who was told of an article."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import context, op

from monitor.text import searchable

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
AT_ONCE = 1000


def upgrade() -> None:
    for column in (
        sa.Column("exact", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("kinds", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("weight", sa.Double(), nullable=False, server_default=sa.text("0")),
        sa.Column("must", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("without", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("language", sa.Text(), nullable=False, server_default="zh-CN"),
        sa.Column("days", sa.JSON(), nullable=False, server_default="[0]"),
        sa.Column("quiet", sa.Text()),
        sa.Column("skip_holidays", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("subscription", column)
    op.add_column("article", sa.Column("alerts", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("article", sa.Column("folded", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("sighting", sa.Column("folded", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "article_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_receipt_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_article_receipt_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_receipt")),
        sa.UniqueConstraint("subscriber", "article_id", name=op.f("uq_article_receipt_subscriber")),
    )
    op.create_index(op.f("ix_article_receipt_article_id"), "article_receipt", ["article_id"])
    op.create_index(op.f("ix_article_receipt_message_id"), "article_receipt", ["message_id"])
    if not context.is_offline_mode():
        _fold("article", ("title",))
        _fold("sighting", ("name", "sentence"))


def _fold(name: str, columns: Sequence[str]) -> None:
    """Fold what is stored already."""
    db = op.get_bind()
    table = sa.table(name, sa.column("id"), sa.column("folded"), *(sa.column(one) for one in columns))
    change = sa.update(table).where(table.c.id == sa.bindparam("row")).values(folded=sa.bindparam("words"))
    last = 0
    while True:
        wanted = sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)
        rows = db.execute(wanted).all()
        if not rows:
            return
        last = rows[-1].id
        db.execute(change, [{"row": row.id, "words": searchable(*row[2:])} for row in rows])
