"""The levers of the replica sites over real HTTP: publish, revise, down, wall, charset; and what every site serves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest
from lxml import etree

from crawler.gates import recognise, recognise_robots
from monitor.demo import SITES, ReplicaArticle, Replicas
from monitor.demo.content import ARTICLES
from monitor.demo.sites import Board, Site

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
BOARDS = [(site, board) for site in SITES.values() for board in site.boards]
FRESH = ReplicaArticle(
    "fresh", "city", "市政府办公室关于印发新规的通知", ("到2028年建成试点园区9个。", "本规定即日起施行。")
)
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def sites() -> Iterator[Replicas]:
    """All sites, left as they are."""
    with Replicas(today=NOW) as running:
        yield running


@pytest.fixture
def own() -> Iterator[Replicas]:
    """Two sites whose levers a test may pull."""
    with Replicas(today=NOW, only=["city", "park"]) as running:
        yield running


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body, whatever the status."""
    request = Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})  # noqa: S310
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310  # loopback
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        return error.code, error.headers, error.read()


def text(url: str) -> str:
    status, headers, body = get(url)
    assert status == 200
    return body.decode(headers.get_content_charset() or "ascii")


def base(sites: Replicas, site: str) -> str:
    return f"http://127.0.0.1:{sites.ports[site]}"


# --- what is served ----------------------------------------------------------------------------------------------


def test_one_source_a_list_at_an_address_that_answers(sites: Replicas) -> None:
    sources = sites.sources()
    assert len({source.id for source in sources}) == len(BOARDS)
    assert {get(source.url)[0] for source in sources} == {200}


@pytest.mark.parametrize("site", SITES)
def test_robots_txt_bars_something_and_never_an_article(sites: Replicas, site: str) -> None:
    barred = [
        line.split(": ")[1] for line in text(f"{base(sites, site)}/robots.txt").splitlines() if line.startswith("Dis")
    ]
    paths = [urlsplit(sites.url(article.id)).path for article in sites.articles if article.site == site]
    assert barred
    assert not [path for path in paths if path.startswith(tuple(barred))]


def test_sitemap_index_has_four_sitemaps_with_each_article_once(sites: Replicas) -> None:
    assert f"Sitemap: {base(sites, 'stock')}/sitemap_index.xml" in text(f"{base(sites, 'stock')}/robots.txt")
    parts = locations(f"{base(sites, 'stock')}/sitemap_index.xml")
    found = [url for part in parts for url in locations(part)]
    assert len(parts) == 4
    assert sorted(found) == sorted(sites.url(article.id) for article in sites.articles if article.site == "stock")


def locations(url: str) -> list[str]:
    return [f"{element.text}" for element in etree.fromstring(get(url)[2]).iter(f"{NAMESPACE}loc")]


def test_feed_names_the_newest_first(sites: Replicas) -> None:
    links = etree.fromstring(get(f"{base(sites, 'stock')}/rss.xml")[2]).findall(".//item/link")
    newest = next(article for article in sites.articles if article.site == "stock")
    assert links[0].text == sites.url(newest.id)


@pytest.mark.parametrize(("site", "board"), BOARDS, ids=lambda value: value.id)
def test_list_goes_on_over_pages_and_ends(site: Site, board: Board) -> None:
    model = next(article for article in ARTICLES if article.site == site.id)
    many = [
        replace(model, id=f"m{n}", title=f"第{n}期简讯", board=board.id, attachments=())
        for n in range(2 * board.size + 1)
    ]
    with Replicas(today=NOW, only=[site.id], articles=many) as sites:
        pages = [text(base(sites, site.id) + board.page(number)) for number in (1, 2, 3)]
        counts = [sum(f"第{n}期简讯" in page.replace(" ", "") for n in range(len(many))) for page in pages]
        assert counts == [board.size, board.size, 1]
        assert get(base(sites, site.id) + board.page(4))[0] == 404


def test_gbk_board_is_gbk_in_header_meta_and_bytes(sites: Replicas) -> None:
    for url in (f"{base(sites, 'discuz')}/forum-40-1.html", sites.url("discuz-four-zones-spun")):
        _, headers, body = get(url)
        assert headers["Content-Type"] == "text/html; charset=gbk"
        assert b"charset=gbk" in body
        assert "高新区".encode("gbk") in body
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


def test_the_other_board_is_utf_8(sites: Replicas) -> None:
    assert "宜兴" in get(f"{base(sites, 'discuz')}/forum-36-1.html")[2].decode("utf-8")


def test_unknown_address_is_404(sites: Replicas) -> None:
    assert get(f"{base(sites, 'magazine')}/qzdd/nothing.html")[0] == 404


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
@pytest.mark.parametrize("path", ["/robots.txt", "/forum-36-1.html"])
def test_unchanged_page_is_304(sites: Replicas, header: str, path: str) -> None:
    condition = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[header]
    _, headers, _ = get(f"{base(sites, 'discuz')}{path}")
    status, _, body = get(f"{base(sites, 'discuz')}{path}", **{condition: headers[header]})
    assert (status, body) == (304, b"")


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If_None_Match": '"another"'}, 200),
        ({"If_None_Match": 'W/"another", W/{tag}'}, 304),
        ({"If_None_Match": '"another"', "If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 200),
        ({"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ({"If_Modified_Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200),
        ({"If_Modified_Since": "the day before yesterday"}, 200),
    ],
)
def test_condition_is_read_as_the_standard_says(sites: Replicas, condition: dict[str, str], status: int) -> None:
    url = sites.url("zaker-fog")
    tag = f"{get(url)[1]['ETag']}"
    assert get(url, **{name: value.replace("{tag}", tag) for name, value in condition.items()})[0] == status


def test_what_was_asked_is_kept(sites: Replicas) -> None:
    get(f"{base(sites, 'park')}/news.asp?page=1", User_Agent="policywatch-test")
    path, headers = sites.requests("park")[-1]
    assert (path, headers["User-Agent"]) == ("/news.asp?page=1", "policywatch-test")


# --- the levers --------------------------------------------------------------------------------------------------


def test_published_article_heads_its_list(own: Replicas) -> None:
    listing = f"{base(own, 'city')}/zfxxgk/zcwj/index.shtml"
    tag = get(listing)[1]["ETag"]
    url = own.publish(FRESH)
    rows = text(listing).split("<li>")
    assert urlsplit(url).path in rows[1]
    assert "试点园区9个" in text(url)
    assert get(listing, If_None_Match=tag)[0] == 200


def test_publishing_leaves_the_pages_of_others_unchanged() -> None:
    with Replicas(today=NOW) as own:
        held = {url: get(url)[1]["ETag"] for article in own.articles if (url := own.url(article.id))}
        for site in SITES:
            own.publish(replace(FRESH, id=f"fresh-{site}", site=site))
        assert {get(url, If_None_Match=tag)[0] for url, tag in held.items()} == {304}


def test_published_article_is_in_sitemap_and_feed() -> None:
    with Replicas(today=NOW, only=["stock"]) as own:
        url = own.publish(replace(FRESH, site="stock"))
        assert url in locations(f"{base(own, 'stock')}/sitemap.xml")
        assert url in text(f"{base(own, 'stock')}/rss.xml")


@pytest.mark.parametrize("condition", ["ETag", "Last-Modified"])
def test_revised_article_keeps_its_address_and_is_sent_again(own: Replicas, condition: str) -> None:
    url = own.url("city-food")
    asked = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[condition]
    held = get(url)[1][condition]
    own.revise("city-food", paragraphs=("抽检结果有更正。", "合格率为99.1%。"))
    status, _, body = get(url, **{asked: held})
    assert own.url("city-food") == url
    assert status == 200
    assert "99.1%" in body.decode()


def test_site_that_is_down_refuses_and_comes_back_at_its_address(own: Replicas) -> None:
    url = own.url("city-food")
    own.down("city")
    with pytest.raises(URLError, match="refused"):
        urlopen(url, timeout=10)  # noqa: S310  # loopback
    own.up("city")
    assert get(url)[0] == 200


def test_addresses_of_an_earlier_run_are_kept() -> None:
    with Replicas(today=NOW, only=["zaker"]) as first:
        url, ports = first.url("zaker-fog"), first.ports
    with Replicas(today=NOW, only=["zaker"], ports=ports) as second:
        assert second.url("zaker-fog") == url


def test_taken_address_is_refused_and_nothing_stays_up(own: Replicas) -> None:
    half = Replicas(today=NOW, only=["zaker", "park"], ports={"park": own.ports["park"]})
    with pytest.raises(OSError, match="in use"):
        half.__enter__()
    with pytest.raises(URLError, match="refused"):
        urlopen(half.url("zaker-fog"), timeout=10)  # noqa: S310  # loopback


@pytest.mark.parametrize(("status", "wall"), [(412, "ruishu_412"), (521, "jsl_521"), (403, "waf_403")])
def test_wall_stands_before_everything_and_is_known_for_what_it_is(own: Replicas, status: int, wall: str) -> None:
    own.wall("city", status)
    page, robots = get(own.url("city-food")), get(f"{base(own, 'city')}/robots.txt")
    verdicts = (recognise(page[0], page[2], page[1]["Content-Type"]), recognise_robots(robots[0], robots[2]))
    assert [verdict and verdict.wall for verdict in verdicts] == [True, True]
    assert verdicts[0] is not None
    assert verdicts[0].name == wall


def test_wall_can_be_lifted(own: Replicas) -> None:
    own.wall("city", 412)
    own.wall("city", None)
    assert get(own.url("city-food"))[0] == 200


@pytest.mark.parametrize("name", ["gbk", "gb18030", "big5"])
def test_charset_changes_for_the_whole_site(own: Replicas, name: str) -> None:
    own.charset("park", name)
    _, headers, body = get(f"{base(own, 'park')}/news.asp?page=1")
    assert headers.get_content_charset() == name
    assert f"charset={name}".encode() in body
    assert "高新".encode(name) in body


def test_charset_may_lie(own: Replicas) -> None:
    own.charset("park", "gbk", declared="utf-8")
    _, headers, body = get(own.url("park-games"))
    assert headers.get_content_charset() == "utf-8"
    assert b"charset=utf-8" in body
    assert "运动会".encode("gbk") in body


def test_unknown_charset_is_refused(own: Replicas) -> None:
    with pytest.raises(LookupError, match="gbk2"):
        own.charset("park", "gbk2")


def test_raw_answer_stands_over_a_page(own: Replicas) -> None:
    url = own.add_raw("park", f"/{quote('空')}.asp?a=1", 200, {"Content-Type": "text/html"}, b"")
    assert get(url)[::2] == (200, b"")


def test_slow_site_makes_wait_and_is_stopped_at_once(own: Replicas) -> None:
    own.slow("park", 60)
    with pytest.raises((TimeoutError, URLError)):
        urlopen(own.url("park-games"), timeout=0.2)  # noqa: S310  # loopback
    own.down("park")


@pytest.mark.parametrize("lever", ["down", "up", "requests"])
def test_lever_of_an_unknown_site_names_it(own: Replicas, lever: str) -> None:
    with pytest.raises(KeyError, match="parc"):
        getattr(own, lever)("parc")


def test_unknown_article_is_named(own: Replicas) -> None:
    with pytest.raises(KeyError, match="nothing"):
        own.url("nothing")
    with pytest.raises(KeyError, match="nothing"):
        own.revise("nothing", title="x")
