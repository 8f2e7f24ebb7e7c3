"""The pages of forty sites over six months, in the order in which a crawl meets them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from benchmarks.replay.edits import Copy, edit
from benchmarks.replay.pages import read_as_page
from benchmarks.replay.places import World, read_world
from benchmarks.replay.plot import CHINA, DAYS, FIRST_DAY, originals
from benchmarks.replay.truth import Arrival, Original, Place, Site
from monitor.domain import Article

MOST = 30  # copies of one text
LATE = 0.15  # of the originals that are met only after copies of them
GBK = 0.08  # of the copies that are met as bytes in that charset
REDATED = 0.35  # of the copies that bear the day on which they were copied
UNDATED = 0.05
LAST = FIRST_DAY + timedelta(days=DAYS)


def draw_stream(seed: int, articles: int) -> list[Arrival]:
    """At least this many pages, the same for the same seed, in order of arrival."""
    dice, world = Random(seed), read_world()  # noqa: S311  # to be had again from its seed
    usual = 7.5 if articles >= 1000 else 2.0  # copies of a text; a short stream rather has more texts
    arrivals: list[Arrival] = []
    titles: list[str] = []
    for original in originals(dice, world):
        if len(arrivals) >= articles:
            break
        copies = min(MOST, 1 + int(dice.expovariate(1 / usual)))
        others = dice.sample(titles, min(4, len(titles)))
        arrivals.append(_itself(dice, original, len(arrivals)))
        drawn = [_copied(dice, original, world, others, len(arrivals) + number) for number in range(copies)]
        arrivals += [one for one in drawn if one.moment < LAST]
        titles.append(original.title)
    return sorted(arrivals, key=lambda one: (one.moment, one.url))


def _itself(dice: Random, original: Original, number: int) -> Arrival:
    site, moment = original.site, original.published
    if dice.random() < LATE:
        moment += timedelta(days=dice.randint(1, 3))
    shown = original.published.date().isoformat() if site.official else original.published.isoformat()
    article = Article(
        title=original.title,
        text="\n".join(original.paragraphs),
        url=_address(site, original.published, number),
        source=site.id,
        region=site.reads,
        published=shown,
        publisher=site.name,
    )
    return Arrival(original, article, moment + timedelta(minutes=20))


def _copied(dice: Random, original: Original, world: World, others: Sequence[str], number: int) -> Arrival:
    site = dice.choice(_takers(world, original.place))
    moment = original.published + timedelta(days=_delay(dice), minutes=dice.randint(0, 240))
    publisher = original.site.name if dice.random() < 0.7 else site.name
    copy = Copy(original.title, list(original.paragraphs), publisher)
    edit(dice, copy)
    shown = original.published
    if dice.random() < REDATED:
        shown = moment
        copy.edits.append("redated")
    url = _address(site, moment, number)
    article = _page(dice, copy, site, shown, url, others)
    article = replace(article, source=site.id, region=site.reads)
    return Arrival(original, article, moment + timedelta(minutes=20), tuple(copy.edits), copy.spun, copy.spun_share)


def _takers(world: World, place: Place) -> list[Site]:
    """Who copies a text of this place: its region's papers, those of the whole country, portals, its city's office, and of a
    city's text the offices of its districts."""
    whole = place.name == place.city
    near = [
        site for name, site in world.offices.items() if name == place.city or (whole and name.startswith(place.city))
    ]
    return [*world.press(place), *(one for one in world.media if one.second_hand), *dict.fromkeys(near)]


def _page(dice: Random, copy: Copy, site: Site, shown: datetime, url: str, others: Sequence[str]) -> Article:
    if dice.random() < GBK:
        copy.edits.append("gbk")
        return read_as_page(copy, url=url, site=site.name, shown=shown, others=others)
    published = dice.choice((shown.isoformat(), shown.date().isoformat()))
    if dice.random() < UNDATED:
        copy.edits.append("undated")
        return Article(copy.title, "\n".join(copy.paragraphs), url=url, publisher=copy.publisher)
    return Article(copy.title, "\n".join(copy.paragraphs), url=url, published=published, publisher=copy.publisher)


def _delay(dice: Random) -> int:
    """Days after which a copy appears: most within three, few after weeks."""
    return dice.choices((dice.randint(0, 2), dice.randint(2, 10), dice.randint(10, 60)), (6, 3, 1))[0]


def _address(site: Site, moment: datetime, number: int) -> str:
    day = moment.astimezone(CHINA)
    return f"https://{site.host}/art/{day:%Y/%m/%d}/t{number:05}.html"
