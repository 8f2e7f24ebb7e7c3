"""The only code that speaks SQL."""

from monitor.store.backup import backup, restore
from monitor.store.queries import count_rows, list_articles, list_facts
from monitor.store.store import IssueRecord, KnownArticle, SourceRecord, Store, VisitRecord

__all__ = [
    "IssueRecord",
    "KnownArticle",
    "SourceRecord",
    "Store",
    "VisitRecord",
    "backup",
    "count_rows",
    "list_articles",
    "list_facts",
    "restore",
]
