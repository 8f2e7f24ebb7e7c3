"""The replica sites, started and stopped together, and the levers by which tests make them change or fail."""

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from types import TracebackType
from typing import Any, Self

from monitor.demo.content import ARTICLES, Entry, ReplicaArticle, date_article
from monitor.demo.pages import Document, attachments, build
from monitor.demo.server import HOST, POLL, Answer, Behaviour, Seen, SiteServer, page_answer
from monitor.demo.sites import SITES, Site
from monitor.domain import Source

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(slots=True)
class _Host:
    """One running site. `order` holds ids as lists show them, newest first."""

    site: Site
    port: int
    entries: dict[str, Entry]
    order: list[str]
    behaviour: Behaviour = field(default_factory=Behaviour)
    server: SiteServer | None = None
    charset: str | None = None
    declared: str | None = None

    @property
    def base(self) -> str:
        return f"http://{HOST}:{self.port}"


class Replicas:
    """Context manager: one HTTP server a site on 127.0.0.1, stopped at exit.

    `today` is the moment as of which articles are dated (aware). `ports` reuses the addresses of an earlier run, as
    `Replicas.ports` gave them; a taken port raises OSError. `only` names the sites to start. `articles` stands for the
    shipped texts. Levers raise KeyError for a site or article that is not there.
    """

    def __init__(
        self,
        *,
        today: datetime,
        ports: Mapping[str, int] | None = None,
        only: Collection[str] | None = None,
        articles: Sequence[ReplicaArticle] | None = None,
    ) -> None:
        self._today = today
        self._changes = 0
        self._hosts: dict[str, _Host] = {}
        texts = ARTICLES if articles is None else articles
        for name in SITES if only is None else only:
            dated = [date_article(article, today) for article in texts if article.site == name]
            dated.sort(key=lambda entry: (entry.moment, entry.number), reverse=True)
            entries = {entry.article.id: entry for entry in dated}
            self._hosts[name] = _Host(SITES[name], (ports or {}).get(name, 0), entries, list(entries))

    def __enter__(self) -> Self:
        try:
            for name in self._hosts:
                self.up(name)
        except OSError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self._hosts:
            self.down(name)

    @property
    def ports(self) -> dict[str, int]:
        return {name: host.port for name, host in self._hosts.items()}

    @property
    def articles(self) -> tuple[ReplicaArticle, ...]:
        """What is on the sites now, site by site in the order of their lists."""
        return tuple(host.entries[id].article for host in self._hosts.values() for id in host.order)

    def sources(self) -> tuple[Source, ...]:
        """One source a list; a site with several gives each list's id after its own."""
        return tuple(
            Source(
                id=f"demo-{name}" if len(host.site.boards) == 1 else f"demo-{name}-{board.id}",
                name=host.site.name if len(host.site.boards) == 1 else f"{host.site.name}·{board.title}",
                url=host.base + board.entry,
                region=host.site.region,
                level=host.site.level,
                official=host.site.official,
            )
            for name, host in self._hosts.items()
            for board in host.site.boards
        )

    def url(self, id: str) -> str:
        """The address of an article on its site."""
        host = self._carrier(id)
        return host.base + host.site.article(host.entries[id])

    def publish(self, article: ReplicaArticle) -> str:
        """Add an article, first in its site's lists, feed and sitemap; return its address."""
        host = self._hosts[article.site]
        host.entries[article.id] = date_article(article, self._today)
        host.order = [article.id, *(id for id in host.order if id != article.id)]
        self._rebuild(host)
        return self.url(article.id)

    def revise(self, id: str, **changes: Any) -> None:
        """Change fields of a published article; its address and place in lists stay."""
        host = self._carrier(id)
        entry = host.entries[id]
        article = replace(entry.article, **changes)
        revised = replace(date_article(article, self._today), moment=entry.moment, number=entry.number)
        host.entries[id] = revised
        self._rebuild(host)

    def down(self, site: str) -> None:
        """Stop answering: connections are refused until `up`."""
        host = self._hosts[site]
        if host.server is not None:
            host.behaviour.stopped.set()
            host.server.shutdown()
            host.server.server_close()
            host.server = None

    def up(self, site: str) -> None:
        """Answer (again) on the site's port; raises OSError when another process took it."""
        host = self._hosts[site]
        if host.server is None:
            host.server = SiteServer(host.port, host.behaviour)
            host.port = host.server.server_port
            host.behaviour.stopped.clear()
            self._rebuild(host)
            threading.Thread(target=host.server.serve_forever, args=(POLL,), name=f"demo-{site}", daemon=True).start()

    def wall(self, site: str, status: int | None) -> None:
        """Answer everything, robots.txt included, with a gate of this status (412, 521, 403 ...); None lifts it."""
        self._hosts[site].behaviour.wall = status

    def charset(self, site: str, name: str, declared: str | None = None) -> None:
        """Encode all pages of the site so; `declared` lets header and meta say something else. Unknown names raise LookupError."""
        "".encode(name)
        host = self._hosts[site]
        host.charset, host.declared = name, declared or name
        self._rebuild(host)

    def slow(self, site: str, seconds: float) -> None:
        """Wait so long before each answer."""
        self._hosts[site].behaviour.delay = seconds

    def requests(self, site: str) -> list[Seen]:
        """Path and headers of every request that the site has seen, in order."""
        behaviour = self._hosts[site].behaviour
        with behaviour.lock:
            return list(behaviour.seen)

    def add_raw(self, site: str, path: str, status: int, headers: Mapping[str, str], body: bytes) -> str:
        """Serve these very bytes at `path` (with its query), over any page of that address; return its address."""
        host = self._hosts[site]
        with host.behaviour.lock:
            host.behaviour.raw[path] = Answer(status, body, headers)
        return host.base + path

    def _carrier(self, id: str) -> _Host:
        for host in self._hosts.values():
            if id in host.entries:
                return host
        raise KeyError(id)

    def _rebuild(self, host: _Host) -> None:
        """Make the site's answers anew; a page whose bytes changed is modified now, others keep their date."""
        listed = [host.entries[id] for id in host.order]
        known = host.behaviour.answers
        now = self._today + timedelta(seconds=self._changes)
        self._changes += 1
        answers = {
            path: self._answer(host, document, known.get(path), now)
            for path, document in build(host.site, listed, host.base).items()
        }
        for path, name in attachments(listed).items():
            answers[path] = known.get(path) or page_answer(_docx(name), DOCX, now)
        with host.behaviour.lock:
            host.behaviour.answers = answers

    @staticmethod
    def _answer(host: _Host, document: Document, known: Answer | None, now: datetime) -> Answer:
        charset = host.charset or document.charset
        declared = host.declared or document.charset
        text = document.text.replace("@charset@", declared)
        content_type = f"{document.content_type}; charset={declared}"
        body = text.encode(charset, "xmlcharrefreplace")
        if known and (known.body, known.headers["Content-Type"]) == (body, content_type):
            return known
        return page_answer(body, content_type, now if known else document.moment or now)


@cache
def _docx(title: str) -> bytes:
    """An attached file: a Word document of one heading and one line."""
    from io import BytesIO

    from docx import Document as Word

    word, file = Word(), BytesIO()
    word.add_heading(title, level=1)
    word.add_paragraph(f"{title}（本文件随正文一并公开）")
    word.save(file)
    return file.getvalue()
