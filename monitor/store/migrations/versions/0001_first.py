"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _crawl()
    _articles()
    _facts()
    _delivery()


def _crawl() -> None:
    """Sources, addresses, pages as fetched."""
    op.create_table(
        "source_state",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("next_due", sa.DateTime()),
        sa.Column("leased_until", sa.DateTime()),
        sa.Column("last_finished", sa.DateTime()),
        sa.Column("last_success", sa.DateTime()),
        sa.Column("status", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.Column("last_new", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("successes", sa.Integer(), nullable=False),
        sa.Column("alerted", sa.Boolean(), nullable=False),
        sa.Column("baseline", sa.DateTime()),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_state")),
    )
    op.create_table(
        "visit",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("visited", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_source_id"), "visit", ["source_id"])
    op.create_table(
        "raw_page",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.Text()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_raw_page")),
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Text()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("url", "problem", name=op.f("uq_issue_url")),
    )
    op.create_index(op.f("ix_issue_seen"), "issue", ["seen"])
    op.create_index(op.f("ix_issue_source_id"), "issue", ["source_id"])


def _articles() -> None:
    """Articles and what they are about."""
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("source_id", sa.Text()),
        sa.Column("story_id", sa.Integer()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("published", sa.Text()),
        sa.Column("publisher", sa.Text()),
        sa.Column("author", sa.Text()),
        sa.Column("charset", sa.Text()),
        sa.Column("region", sa.Text()),
        sa.Column("official", sa.JSON()),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("page_hash", sa.Text()),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.Column("fetched", sa.DateTime(), nullable=False),
        sa.Column("judged_with", sa.Text()),
        sa.ForeignKeyConstraint(["page_hash"], ["raw_page.hash"], name=op.f("fk_article_page_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("key", name=op.f("uq_article_key")),
    )
    op.create_index(op.f("ix_article_published"), "article", ["published"])
    op.create_index(op.f("ix_article_source_id"), "article", ["source_id"])
    op.create_index(op.f("ix_article_story_id"), "article", ["story_id"])
    op.create_index(op.f("ix_article_text_hash"), "article", ["text_hash"])
    op.create_table(
        "story_band",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_story_band_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("band", "value", "article_id", name=op.f("pk_story_band")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_story_band_article_id"), "story_band", ["article_id"])
    op.create_table(
        "article_theme",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_theme_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "theme_id", name=op.f("pk_article_theme")),
    )
    op.create_index(op.f("ix_article_theme_theme_id"), "article_theme", ["theme_id"])
    op.create_table(
        "article_region",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_region_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "code", name=op.f("pk_article_region")),
    )
    op.create_index(op.f("ix_article_region_code"), "article_region", ["code"])


def _facts() -> None:
    """Facts, their versions, and who told them."""
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("assertion", sa.Text()),
        sa.Column("type", sa.Text()),
        sa.Column("unit", sa.Text()),
        sa.Column("deadline", sa.Text()),
        sa.Column("recurrence", sa.Text()),
        sa.Column("region_code", sa.Text()),
        sa.Column("region_name", sa.Text()),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_fact_fingerprint")),
    )
    op.create_index(op.f("ix_fact_first_seen"), "fact", ["first_seen"])
    op.create_index(op.f("ix_fact_kind"), "fact", ["kind"])
    op.create_index(op.f("ix_fact_region_code"), "fact", ["region_code"])
    op.create_table(
        "fact_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("comparator", sa.Text()),
        sa.Column("value", sa.Text()),
        sa.Column("value_high", sa.Text()),
        sa.Column("status", sa.Text()),
        sa.Column("said", sa.Text()),
        sa.Column("first_seen", sa.DateTime(), nullable=False),
        sa.Column("alerts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_version_fact_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_version")),
        sa.UniqueConstraint("fact_id", "number", name=op.f("uq_fact_version_fact_id")),
    )
    op.create_index(op.f("ix_fact_version_fact_id"), "fact_version", ["fact_id"])
    op.create_index(op.f("ix_fact_version_first_seen"), "fact_version", ["first_seen"])
    op.create_table(
        "fact_theme",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_fact_theme_fact_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("fact_id", "theme_id", name=op.f("pk_fact_theme")),
    )
    op.create_index(op.f("ix_fact_theme_theme_id"), "fact_theme", ["theme_id"])
    op.create_table(
        "sighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("dropped", sa.DateTime()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_sighting_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["fact_id"], ["fact.id"], name=op.f("fk_sighting_fact_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["fact_version.id"], name=op.f("fk_sighting_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint("version_id", "article_id", name=op.f("uq_sighting_version_id")),
    )
    op.create_index(op.f("ix_sighting_article_id"), "sighting", ["article_id"])
    op.create_index(op.f("ix_sighting_fact_id"), "sighting", ["fact_id"])


def _delivery() -> None:
    """Who gets what, and what was sent."""
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("suspended", sa.Text()),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("token", name=op.f("uq_subscription_token")),
    )
    op.create_index(op.f("ix_subscription_email"), "subscription", ["email"])
    op.create_table(
        "digest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.Column("built", sa.DateTime()),
        sa.Column("merged", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_digest_run_subscription_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_run")),
        sa.UniqueConstraint("subscription_id", "due", name=op.f("uq_digest_run_subscription_id")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("subscription_id", sa.Integer()),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.DateTime(), nullable=False),
        sa.Column("claimed", sa.DateTime()),
        sa.Column("sent", sa.DateTime()),
        sa.Column("answer", sa.Text()),
        sa.Column("created", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["digest_run.id"], name=op.f("fk_message_run_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_message_subscription_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    op.create_index("ix_message_state_next_try", "message", ["state", "next_try"])
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_receipt_message_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["fact_version.id"], name=op.f("fk_receipt_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("subscriber", "version_id", name=op.f("uq_receipt_subscriber")),
    )
    op.create_index(op.f("ix_receipt_message_id"), "receipt", ["message_id"])
    op.create_index(op.f("ix_receipt_version_id"), "receipt", ["version_id"])
