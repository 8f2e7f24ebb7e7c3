"""The tables. Uniqueness is promised by the database; moments are stored as UTC and come back aware."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite hands back the wall clock of whatever zone came in, without the zone: convert both ways."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, str: Text, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class SourceState(Base):
    """What is known of a source besides its seed: when it is due, who crawls it, how it fares."""

    __tablename__ = "source_state"
    source_id: Mapped[str] = mapped_column(primary_key=True)
    next_due: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]  # a crawl holds the source until then
    last_finished: Mapped[datetime | None]
    last_success: Mapped[datetime | None]
    status: Mapped[str | None]  # ok, blocked, disallowed, empty, unreachable, failed
    reason: Mapped[str | None]
    last_new: Mapped[int] = mapped_column(default=0)  # articles that the last crawl added
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    successes: Mapped[int] = mapped_column(default=0)  # in a row
    alerted: Mapped[bool] = mapped_column(default=False)  # the operator was told of its trouble
    baseline: Mapped[datetime | None]  # end of the first good crawl
    health: Mapped[str | None]  # working, silent, broken, blocked, gone: see monitor/health.py
    since: Mapped[datetime | None]  # when that began
    every: Mapped[int | None]  # seconds: what the source asked for when `interval` began to move
    interval: Mapped[int | None]  # seconds between two looks, as they have settled
    idle: Mapped[int] = mapped_column(default=0, server_default="0")  # looks in a row that brought nothing
    last_news: Mapped[datetime | None]  # when its list last showed something new
    usual_gap: Mapped[int | None]  # seconds that it may well pass without anything new
    dialect: Mapped[str | None]  # how the addresses of its articles are made: see crawler/listing/dialects.py


class Visit(Base):
    """Validators and outcome of the last request for one address, list or article."""

    __tablename__ = "visit"
    key: Mapped[str] = mapped_column(primary_key=True)  # canonical URL
    source_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[int]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_hash: Mapped[str | None]
    visited: Mapped[datetime]
    first: Mapped[datetime | None]  # when it was asked for the first time


class RawPage(Base):
    """The bytes as fetched, compressed, by content hash: everything can be analysed again from here."""

    __tablename__ = "raw_page"
    hash: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of the bytes before compression
    body: Mapped[bytes] = mapped_column(LargeBinary)  # zlib
    size: Mapped[int]
    content_type: Mapped[str | None]
    url: Mapped[str]
    fetched: Mapped[datetime]


class ArticleRow(Base):
    __tablename__ = "article"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # canonical URL, or the path of an ingested file
    url: Mapped[str | None]
    source_id: Mapped[str | None] = mapped_column(index=True)
    story_id: Mapped[int | None] = mapped_column(index=True)  # id of the first article of its near-copies
    title: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[str] = mapped_column(index=True)
    published: Mapped[str | None] = mapped_column(index=True)
    publisher: Mapped[str | None]
    author: Mapped[str | None]
    charset: Mapped[str | None]
    region: Mapped[str | None]
    official: Mapped[dict[str, Any] | None]
    attachments: Mapped[list[Any]] = mapped_column(default=list)
    page_hash: Mapped[str | None] = mapped_column(ForeignKey("raw_page.hash"))
    first_seen: Mapped[datetime]
    fetched: Mapped[datetime]
    judged_with: Mapped[str | None] = mapped_column(index=True)  # digest of the seeds and rules the judgement came from
    standing: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # whose word it is, best first: see publishers.py
    origin: Mapped[str | None]  # the house that says so, whoever shows the page
    alerts: Mapped[bool] = mapped_column(default=True, server_default=true())  # False: already old when first seen
    folded: Mapped[str] = mapped_column(default="", server_default=sql("''"))  # its title, to look for words in


class StoryMark(Base):
    """What copies of an article share: see tellings.py. A mark is kept for the first articles only that bear it, and is found
    again from the text: so no index by article is needed."""

    __tablename__ = "story_mark"
    __table_args__ = ({"sqlite_with_rowid": False},)
    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(primary_key=True)


class ArticleTelling(Base):
    """What an article is compared by: small, so that its text need not be read again."""

    __tablename__ = "article_telling"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str]
    words: Mapped[bytes] = mapped_column(LargeBinary)  # 32-bit hashes
    figures: Mapped[bytes] = mapped_column(LargeBinary)  # triples of 32-bit numbers
    sentences: Mapped[bytes] = mapped_column(LargeBinary, server_default=sql("''"))  # 32-bit hashes
    places: Mapped[str]  # codes of the regions it is about, with blanks between them
    named: Mapped[str]  # of all the regions it names


class ArticleTheme(Base):
    __tablename__ = "article_theme"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]
    score: Mapped[float]
    evidence: Mapped[list[Any]]


class ArticleRegion(Base):
    __tablename__ = "article_region"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]
    role: Mapped[str]
    evidence: Mapped[list[Any]]


class Fact(Base):
    """A target, designation or programme, once per fingerprint however many pages tell it."""

    __tablename__ = "fact"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # quantity, designation, programme
    name: Mapped[str]  # the metric, or the name of a designation or programme
    assertion: Mapped[str | None]
    type: Mapped[str | None]  # of a programme
    unit: Mapped[str | None]
    deadline: Mapped[str | None]
    recurrence: Mapped[str | None]
    region_code: Mapped[str | None] = mapped_column(index=True)
    region_name: Mapped[str | None]
    first_seen: Mapped[datetime] = mapped_column(index=True)
    plural: Mapped[bool] = mapped_column(default=False, server_default=false())  # another value is another fact
    dismissed: Mapped[bool] = mapped_column(server_default=false())  # by hand: told and shown no more
    by_hand: Mapped[str] = mapped_column(server_default=sql("''"))  # what else people decided: see byhand.py


class FactKey(Base):
    """The keys under which a fact is found: one for each wording of it, and a target's also without year (see claims.py)."""

    __tablename__ = "fact_key"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), primary_key=True, index=True)
    misread: Mapped[bool] = mapped_column(server_default=false())  # the fact was put right: leads to what was read only


class FactVersion(Base):
    """What a fact said, and since when: a revised value or a draft that became final is a new version. The versions are the log
    of events."""

    __tablename__ = "fact_version"
    __table_args__ = (UniqueConstraint("fact_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]  # 1, 2, ... in the order in which they came
    comparator: Mapped[str | None]
    value: Mapped[str | None]  # decimal digits: a float would round 0.1, Numeric does so on SQLite
    value_high: Mapped[str | None]
    status: Mapped[str | None]  # of a programme
    said: Mapped[str | None]  # publication moment of the article that said so first
    first_seen: Mapped[datetime] = mapped_column(index=True)
    alerts: Mapped[bool] = mapped_column(default=True)  # False: already old when first seen (the silent baseline)
    event: Mapped[str] = mapped_column(default="new", server_default="new")  # revised, result, status, contradicted
    # The version it is told beside: the value before, the target that a result answers, the value that contradicts.
    about_id: Mapped[int | None] = mapped_column(index=True)
    live: Mapped[bool] = mapped_column(default=True, server_default=true())  # no later version has taken its place
    stand_in_id: Mapped[int | None]  # the version that somebody put in its place, to which its sightings belong


class FactTheme(Base):
    __tablename__ = "fact_theme"
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), primary_key=True)
    theme_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class Sighting(Base):
    """One article that tells one version of a fact, with its own quote: an edited article keeps the quote that proved
    the older version."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("version_id", "article_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("fact_version.id", ondelete="CASCADE"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    name: Mapped[str]  # the metric or name in this article's words
    sentence: Mapped[str]
    themes: Mapped[list[Any]] = mapped_column(default=list)  # ids
    seen: Mapped[datetime]
    dropped: Mapped[datetime | None]  # when the article was found edited and no longer saying so
    folded: Mapped[str] = mapped_column(default="", server_default=sql("''"))  # name, sentence, to look for words in


class Issue(Base):
    """One address that could not be used: nothing is skipped in silence. A repeated fault moves `seen`."""

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("url", "problem"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str | None] = mapped_column(index=True)
    url: Mapped[str]
    problem: Mapped[str]
    seen: Mapped[datetime] = mapped_column(index=True)


class SubscriptionRow(Base):
    __tablename__ = "subscription"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)  # the subscriber: receipts are keyed on it
    themes: Mapped[list[Any]]
    regions: Mapped[list[Any]]  # codes
    exact: Mapped[bool] = mapped_column(default=False, server_default=false())  # not what lies within the regions
    kinds: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    weight: Mapped[float] = mapped_column(default=0.0, server_default=sql("0"))  # least one of a theme
    must: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # words, all of them
    without: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # words, none of them
    language: Mapped[str] = mapped_column(default="zh-CN", server_default="zh-CN")
    every: Mapped[str]  # immediate, daily, weekly
    at: Mapped[str]  # HH:MM in `timezone`
    days: Mapped[list[Any]] = mapped_column(default=lambda: [0], server_default="[0]")  # of a week, Monday is 0
    timezone: Mapped[str]
    quiet: Mapped[str | None]  # HH:MM-HH:MM, in which nothing immediate goes out
    skip_holidays: Mapped[bool] = mapped_column(default=False, server_default=false())
    group_by: Mapped[str] = mapped_column(
        default="region", server_default="region"
    )  # or theme: first headings of a digest
    paused: Mapped[bool] = mapped_column(default=False)  # nothing is built or sent
    paused_until: Mapped[datetime | None]  # when that ends by itself
    unsubscribed: Mapped[datetime | None]  # when the reader ended it: it is then paused, and can be taken back
    suspended: Mapped[str | None]  # why the address is no longer written to
    token: Mapped[str] = mapped_column(unique=True)  # unsubscribes; does not expire and cannot be guessed
    created: Mapped[datetime]


class DigestRun(Base):
    """Made before the work: a second run of the same due time does nothing."""

    __tablename__ = "digest_run"
    __table_args__ = (UniqueConstraint("subscription_id", "due"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    due: Mapped[datetime]
    built: Mapped[datetime | None]
    merged: Mapped[int] = mapped_column(default=0)  # due times this one made up for


class MessageRow(Base):
    __tablename__ = "message"
    __table_args__ = (Index("ix_message_state_next_try", "state", "next_try"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("digest_run.id", ondelete="SET NULL"))
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id", ondelete="SET NULL"))
    recipient: Mapped[str]
    subject: Mapped[str]
    state: Mapped[str]  # pending, claimed, sending, sent, failed, unknown
    attempts: Mapped[int] = mapped_column(default=0)
    next_try: Mapped[datetime]
    claimed: Mapped[datetime | None]
    claimant: Mapped[str | None]  # the sender that has it in hand
    sent: Mapped[datetime | None]
    answer: Mapped[str | None]  # the mail server's own words
    created: Mapped[datetime]


class MessageBody(Base):
    """The whole message as it goes out; apart, because each step of its way rewrites its row."""

    __tablename__ = "message_body"
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Receipt(Base):
    """This subscriber has been told this version of this fact."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("subscriber", "version_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("fact_version.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)


class ArticleReceipt(Base):
    """This subscriber has been told of this article that tells no fact; of its copies too, which are found by its story."""

    __tablename__ = "article_receipt"
    __table_args__ = (UniqueConstraint("subscriber", "article_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)


class MailPace(Base):
    """How fast mail goes to one domain, and until when it wants none; the empty domain is the mail server itself."""

    __tablename__ = "mail_pace"
    domain: Mapped[str] = mapped_column(primary_key=True)
    next_slot: Mapped[datetime | None]  # when the messages so far are used up at the pace that is kept
    paused_until: Mapped[datetime | None]
    pause: Mapped[int] = mapped_column(default=0)  # seconds the last one took; 0 once a message got through
