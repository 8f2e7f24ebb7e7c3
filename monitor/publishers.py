"""WHOSE WORD: which house tells an article, and how near that is to whoever issued what it tells.

The issuing body's own page comes first, then the page of the house that is credited (来源), then an official site that passes
on what others wrote, then everything else.
"""

import re
from collections.abc import Iterable, Mapping

from monitor.domain import Article, Source

ISSUER, PUBLISHER, OFFICIAL, REPOST = range(4)
STANDINGS = ("issuer", "publisher", "official", "repost")  # their names for other programs
# What an outlet of a house adds to its name.
OUTLET = re.compile(
    r"(?<=..)(?:客户端|APP|官方微信|微信公众号|公众号|官方微博|微博|微信|网站|官网|电子版|数字报|视频号|头条号)$",
    re.IGNORECASE,
)
STATION = re.compile(r"(?<=....)(?:中心站|记者站|分站|分社|频道|分台)$")  # after the name of a place
BESIDE = re.compile(r"[·・｜|—\-－（(/\s].*$")
GOVERNMENT = re.compile(
    r"(?:政府|委员会|委员会办公室|办公室|办公厅|管委会|局|厅|部|发改委|国资委|卫健委|工委|党委|市委|省委|区委|县委|委办|府办|人大|政协|研究室|中心|署|政务|发布)$"
)
MEDIUM = re.compile(r"(?:报|报社|网|台|社|新闻|传媒|广电|杂志|周刊|融媒体中心|融媒体|集团)$")
NOISE = re.compile(r"[\s“”\"'《》【】]+")


class Houses:
    """Knows the sources by id and the publishers by all their names."""

    def __init__(self, publishers: Mapping[str, str], sources: Iterable[Source] = ()) -> None:
        self._usual = {_plain(form): usual for form, usual in publishers.items()}
        self._sources = {source.id: source for source in sources}

    def house(self, name: str) -> str:
        """江苏广电苏州中心站 -> 江苏省广播电视总台; a name that nobody knows stands for itself."""
        plain = _plain(BESIDE.sub("", name.strip())) or _plain(name)
        outlet, stem = OUTLET.sub("", plain), STATION.sub("", plain)
        for shorter in (plain, outlet, *((stem[:-2], stem[:-3], stem) if stem != plain else ())):
            if usual := self._usual.get(shorter):
                return usual
        return outlet

    def origin(self, article: Article) -> str | None:
        """The house that says so: the credited one, else that of the site."""
        if article.publisher:
            return self.house(article.publisher)
        source = self._sources.get(article.source or "")
        return self.house(source.name) if source else article.source

    def standing(self, article: Article) -> int:
        """ISSUER, PUBLISHER, OFFICIAL or REPOST."""
        source = self._sources.get(article.source or "")
        credited = _plain(article.publisher or "")
        if source is None:
            return ISSUER if not credited or _governs(credited) else OFFICIAL
        of_press = source.level == "media" or (source.level is None and _is_medium(source.name))
        if source.official and not of_press and (not credited or _governs(credited) or credited in source.name):
            return ISSUER
        if not credited or self.house(credited) == self.house(source.name):
            return PUBLISHER if of_press or source.official else REPOST
        return OFFICIAL if source.official else REPOST


def _governs(name: str) -> bool:
    """Whether a credited name is that of an office, not of a medium."""
    return GOVERNMENT.search(name) is not None and MEDIUM.search(name) is None


def _is_medium(name: str) -> bool:
    return "政府" not in name and MEDIUM.search(BESIDE.sub("", _plain(name))) is not None


def _plain(name: str) -> str:
    return NOISE.sub("", name)
