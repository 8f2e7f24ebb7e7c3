"""`demo`: the main job on replica sites, with real HTTP, a real database and real SMTP, all on loopback."""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import tomlkit

from monitor import assembly
from monitor.cli.common import with_settings
from monitor.config import Crawl, Settings, Smtp, read_settings
from monitor.errors import MonitorError
from monitor.seeds import source_table

if TYPE_CHECKING:
    from monitor.demo import Replicas
    from monitor.store import Store

FOLDER = Path("policywatch-demo")
READER = "analyst@example.com"
# Where the replica sites' articles play.
PLACES = ("全国", "江苏省", "天津市", "辽宁省", "湖南省", "四川省")


@click.command()
@click.option("--publish", is_flag=True, help="Put one more article on a replica site first: only its news is mailed.")
@with_settings
def demo(settings: Settings, publish: bool) -> None:
    """Crawl replica sites on this machine, find what is new, and mail a digest over real SMTP."""
    # POLICYWATCH_DATA or --data choose another folder; the default of the service is not for replicas.
    folder = FOLDER if settings.data == Settings.model_fields["data"].default else settings.data
    folder.mkdir(parents=True, exist_ok=True)
    with _replicas(folder, publish) as sites, _mail_server(folder / "mailbox") as port:
        own = _settings(folder, sites, port)
        with assembly.only_one(own, "demo"):
            _run(own, sites)


def _run(settings: Settings, sites: "Replicas") -> None:
    from alerts import outbox
    from monitor.jobs import crawl_in_child

    seeds = assembly.load(settings)
    assembly.note(f"1/4 {len(sites.sources())} replica sources are up on 127.0.0.1")
    with assembly.opened_store(settings) as store:
        _subscribe(store)
        assembly.note("2/4 crawling, reading and judging ...")
        if crawl_in_child(settings, (), threading.Event()):
            raise MonitorError("the crawl failed; the lines above say why")
        assembly.note("3/4 building the digest of what is new and sending it over SMTP ...")
        edition = assembly.make_edition(settings, seeds, store)
        built = outbox.queue_due(store, edition, settings.mail, assembly.now())
        sent = outbox.send_waiting(store, assembly.make_channel(settings), settings.mail, assembly.now)
        for one in sent:
            assembly.note(f"    {one.recipient}: {one.state}: {one.answer}")
        assembly.note("4/4 done\n")
        _report(settings, store)
    if not built:
        click.echo("Nothing new since the last run, so no mail was sent. `./run demo --publish` adds one article.")
    if any(one.state != "sent" for one in sent):
        raise MonitorError("the mail could not be handed over; the line above says why")


def _report(settings: Settings, store: "Store") -> None:
    from monitor.cli.common import print_table
    from monitor.store.queries import count_articles, count_facts

    seeds = assembly.load(settings)
    names = {source.id: source.name for source in seeds.sources}
    themes = {theme.id: theme.name for theme in seeds.themes}
    print_table(("source", "articles", "facts"), ((names.get(id, id), *counts) for id, counts in count_articles(store)))
    click.echo()
    print_table(
        ("theme", "targets", "programmes"), ((themes.get(id, id), *rest) for id, *rest in count_facts(store, "theme"))
    )
    click.echo()
    print_table(("region", "targets", "programmes"), count_facts(store, "region"))
    click.echo()
    mails = sorted((settings.data / "mailbox").glob("*.eml"), key=lambda file: file.stat().st_mtime)
    for mail in mails[-3:]:
        click.echo(f"mail: {mail}  (opens in any mail program)")
    click.echo(f"all targets: ./run targets --data {settings.data}")
    click.echo(f"your own source: ./run sources add https://www.example.gov.cn/zwgk/ --data {settings.data}")
    click.echo("real sites: ./run subscriptions add you@example.com --region 无锡 && ./run serve")


def _subscribe(store: "Store") -> None:
    from monitor.cli.names import region_codes
    from monitor.store import delivery

    with delivery.writing(store) as session:
        if not delivery.list_subscriptions(session):
            wanted = delivery.Wanted(email=READER, regions=region_codes(PLACES), every="immediate")
            delivery.add_subscription(session, wanted, assembly.now())


@contextmanager
def _replicas(folder: Path, publish: bool) -> Iterator["Replicas"]:
    """The sites at the addresses and with the dates of the last run, so that a second run finds nothing new."""
    from monitor.demo import EXTRA, Replicas

    file = folder / "demo.json"
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    today = datetime.fromisoformat(kept["today"]) if kept else datetime.now(UTC)
    try:
        sites = Replicas(today=today, ports=kept.get("ports"))
        sites.__enter__()
    except OSError:
        # Someone else took a port: other addresses then, and the same texts are known all the same.
        sites = Replicas(today=today)
        sites.__enter__()
    try:
        published: list[str] = kept.get("published", [])
        if publish:
            fresh = next((id for id in EXTRA if id not in published), None)
            if fresh is None:
                raise MonitorError(f"all extra articles are published; delete {folder} to start again")
            published.append(fresh)
        for id in published:
            assembly.note(f"    published on a replica: {sites.publish(EXTRA[id])}")
        file.write_text(
            json.dumps({"today": today.isoformat(), "ports": sites.ports, "published": published}), encoding="utf-8"
        )
        yield sites
    finally:
        sites.__exit__(*sys.exc_info())


@contextmanager
def _mail_server(mailbox: Path) -> Iterator[int]:
    """A real SMTP server on loopback that keeps each message as a file; yields its port."""
    from monitor.demo.mailserver import MailServer

    server = MailServer(mailbox)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def _settings(folder: Path, sites: "Replicas", port: int) -> Settings:
    """Settings and sources are written down, so that every other verb works on the demo's folder too."""
    (folder / "sources").mkdir(exist_ok=True)
    tables = [{"id": source.id, **source_table(source)} for source in sites.sources()]
    (folder / "sources" / "demo.toml").write_text(tomlkit.dumps({"source": tables}), encoding="utf-8")
    crawl = Crawl(delay=0.0, allow_private=["127.0.0.0/8"], contact="demo on this machine", max_pages=10)
    # All the replicas' news at once is more than one mail holds elsewhere; a folder hides nothing of it.
    mail = {"longest": 1_000_000}
    document = {"shipped_sources": False, "crawl": crawl.model_dump(exclude_unset=True), "mail": mail}
    (folder / "policywatch.toml").write_text(tomlkit.dumps(document), encoding="utf-8")
    settings = read_settings(None, folder)
    smtp = Smtp(host="127.0.0.1", port=port, security="none")
    return settings.model_copy(update={"smtp": smtp, "crawl": crawl})
