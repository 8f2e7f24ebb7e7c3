"""The tables of what people decided by hand. What a decision leaves on a fact, a key or a version are columns in `tables.py`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from monitor.store.tables import Base


class Correction(Base):
    """One decision, for the log. Nothing is deleted from it: one that is taken back says when and by whom."""

    __tablename__ = "correction"
    id: Mapped[int] = mapped_column(primary_key=True)
    made: Mapped[datetime]
    author: Mapped[str]
    why: Mapped[str | None]
    action: Mapped[str]  # dismiss, correct, merge, split; merge stories, split story
    subject: Mapped[int]  # id of the fact or story
    version_id: Mapped[int | None] = mapped_column(index=True)  # that another one stands in for
    concerned: Mapped[list[Any]]  # ids of the facts or stories that it touched
    before: Mapped[dict[str, Any]]  # as people read it
    after: Mapped[dict[str, Any]]
    kept: Mapped[dict[str, Any]]  # the rows as they were, to take it back
    # The greatest ids in `kept`, or made then: no row gets them again (see `byhand.next_id`).
    last_fact: Mapped[int | None] = mapped_column(index=True)
    last_version: Mapped[int | None] = mapped_column(index=True)
    undone: Mapped[datetime | None]
    undone_by: Mapped[str | None]


class FactsApart(Base):
    """Two facts that somebody parted: they are never made one by themselves."""

    __tablename__ = "facts_apart"
    one_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("fact.id", ondelete="CASCADE"), primary_key=True, index=True)


class StoryPair(Base):
    """Two articles of which somebody said that they are of one story, or of two."""

    __tablename__ = "story_pair"
    one_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True)
    together: Mapped[bool]
