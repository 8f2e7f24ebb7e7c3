"""Takes back a decision made by hand: the facts come back as they were, and the articles that tell them are decided anew."""

from monitor.ingest import Judging, judge_again
from monitor.store import Store, amend_stories
from monitor.store.corrections import Author, standing, take_back
from monitor.store.snapshots import tidy


def undo(store: Store, judge: Judging, number: int, author: Author, baseline_days: int) -> None:
    """Take back the decision of that number. Raises MonitorError where there is none that can be taken back."""
    with store.writing() as db:
        row = standing(db, number)
        take_back(db, row, author)
        if row.kept["stories"]:
            amend_stories.put_back(db, row.kept["stories"])
    facts = row.kept["facts"].get("facts", [])
    if facts:
        judge_again(store, judge, author.now, baseline_days)
        with store.writing() as db:
            tidy(db, facts)
