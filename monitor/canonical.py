"""One name for what official language writes many ways: the key by which two tellings of one fact meet. It is compared, never shown.

Which words mean the same is data (`seeds/lexicon/metrics.toml`, the user's own tables over it); here is what every
name sheds: whose it is, quotes, 的, endings that count, and on a document its draft mark, remark, issuer and the notice around it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from monitor.text import narrow, simplify

NOISE = re.compile(r"[\W_的了]+")
SCOPE = re.compile(r"^(?:(?:全|我|本|该|各)(?:国|省|市|区|县|旗|州|镇)|辖区内?|区域内|累计|各类|各级|各种)")
ENDING = re.compile(
    r"(?<=..)(?:目标值?|总?数量?|家数|户数|(?:保有|拥有|存|总)?量|总?额|总?面积|总?里程|总?长度|(?:产业)?总?规模)$"
)
ENDS = frozenset("标值量数额积程度模")  # what ENDING ends in
# Words that come and go: 省级以上/省级及以上, 总产值/产值, 第三类/三类, 低空经济(相关)企业, and verbs that set up what is counted.
LOOSE = re.compile(
    r"(?<=级)及(?=以上)|总(?=产值|面积|收入|投资|长度|里程|规模)|第(?=[一二三四五六七八九十]类)|相关(?=企业|产业|项目)"
)
VERB = re.compile(
    r"^(?:设立|设置|评定|认定|建设|建成|打造|筹集|筹建|取得|获批|开辟|开通|集聚|拥有|形成|培育|引育|建有|实施)(?=...)"
)
# 对…给予最高50万元奖励, spun 赋予至高: the verb is no part of what is offered.
OFFERED = re.compile(r"(?:给予|给与|予以|赐与|赋予)?(?:[最至]高)?(?:一次性)?(?=(?:奖励|奖补|补助|补贴|资助)$)")
PLACE_ENDING = re.compile(r"(?<=..)(?:省|市|区|县|旗|自治州|自治县|自治区)$")
# 《X》（以下简称“Y”）
SHORT_NAME = re.compile(
    r"[《“]([^《》“”\n]{4,60})[》”](?:[（(][^（）()\n]{0,30}[）)])?[（(](?:以下)?(?:统一)?简称为?[:：]?[《“]?([^《》“”（）()\n]{2,30})[》”]?[）)]"
)
# What many documents are called; X is none of these: X行动计划.
GENERIC = re.compile(
    r"(?:[一二三四五六七八九十两\d]+年|总体|工作|专项|实施|若干|行动|具体|政策|发展|管理|本|该)*"
    r"(?:计划|方案|意见|措施|办法|规划|政策|条|通知|纲要|细则|条例|规定|行动|工程|决定|公告|文件)"
)
DRAFT = r"(?:公开)?(?:征求意见稿?|修订草案|草案|送审稿|讨论稿|审议稿)"
REMARK = re.compile(
    rf"[（(](?:{DRAFT}[^（）()\n]{{0,12}}|试行|暂行|修订|修正|修改|(?:20\d\d年?)?(?:修订|修正|修改)(?:[稿版本])?{DRAFT}?|全文|摘要|节选|20\d\d年?版)[）)]"
)
PERIOD = re.compile(r"[（(](20\d\d)年?[-—–~至－]{1,2}(20\d\d)年?[）)]")
# 市政府办公室关于印发X的通知, 关于废止X的决定, 关于X的实施意见
ENVELOPE = re.compile(
    r"^.{0,30}?关于(?:公布|印发|印制下发|发布|下发|转发|批转|废止|修改|修订|调整|停止执行)(.{6,}?)"
    r"(?:(?:的?(?:部分|有关|相关|若干|主要))?(?:目标|指标|内容|条款|任务))?的(?:通知|决定|公告|通告)$"
)
ABOUT = re.compile(r"^(?:[^，。]{2,24}(?:政府|委员会|办公室|管委会|局|厅|部|委))?关于(?=.{4})")


@dataclass(frozen=True, slots=True)
class Names:
    """The forms that the seeds know, each with its usual name, as plain text."""

    metrics: "Forms"
    programmes: "Forms"

    @classmethod
    def of(cls, metrics: Mapping[str, str], programmes: Mapping[str, str], spun: Mapping[str, str]) -> "Names":
        """`metrics` and `programmes` lead from a form to its usual name, `spun` from a spinner's word to the plain one."""
        return cls(Forms.of({**spun, **metrics}), Forms.of({**spun, **metrics, **programmes}))

    def metric(self, printed: str, place: str | None = None) -> str:
        """A metric, or the name of a status, without what changes from report to report."""
        usual = self.metrics.usual(_own(_plain(printed), place))
        for _ in range(2 if usual[-1:] in ENDS else 0):
            usual = ENDING.sub("", usual)
        usual = OFFERED.sub("", usual)
        return VERB.sub("", LOOSE.sub("", usual))

    def programme(self, printed: str, place: str | None = None) -> str:
        """The name of an instrument through its whole life; `@2026-2028` at its end where it names its period."""
        name = narrow(printed).strip("《》“”")
        if found := ENVELOPE.match(name):
            name = found[1].strip("《》")
        period = printed_period(name)
        name = ABOUT.sub("", REMARK.sub("", PERIOD.sub("", name)))
        usual = self.programmes.usual(_own(_plain(name), place))
        return f"{usual}@{period}" if period else usual


@dataclass(frozen=True, slots=True)
class Forms:
    table: Mapping[str, str]
    automaton: AhoCorasick

    @classmethod
    def of(cls, table: Mapping[str, str]) -> "Forms":
        """A usual name stands for itself, so that nothing inside it is taken for a form."""
        plain = {_plain(form): _plain(usual) for form, usual in table.items()}
        plain = {form: plain.get(usual, usual) for form, usual in plain.items()}
        plain = {usual: usual for usual in plain.values()} | plain
        return cls(plain, AhoCorasick(list(filter(None, plain)), matchkind=MatchKind.LeftmostLongest))

    def usual(self, plain: str) -> str:
        """The name with each form in it, the longest first, as its usual name."""
        pieces: list[str] = []
        position = 0
        for _, start, end in self.automaton.find_matches_as_indexes(plain):
            pieces += (plain[position:start], self.table[plain[start:end]])
            position = end
        return "".join(pieces) + plain[position:]


def bare(metric: str) -> str:
    """A printed metric without what comes and goes, where it is compared with another one by its characters."""
    return ENDING.sub("", VERB.sub("", LOOSE.sub("", SCOPE.sub("", _plain(metric)))))


def without_period(programme: str) -> str:
    return programme.partition("@")[0]


def period_of(programme: str) -> str:
    """The period that a canonical name ends in, empty where it names none."""
    return programme.partition("@")[2]


def printed_period(name: str) -> str:
    """The period that a printed name carries, as in a canonical one."""
    found = PERIOD.search(narrow(name))
    return f"{found[1]}-{found[2]}" if found else ""


def is_generic(name: str) -> bool:
    """Whether a plain name says only what kind of document it is."""
    return GENERIC.fullmatch(name) is not None


def short_names(text: str) -> Mapping[str, str]:
    """The short names that a text gives to documents, with the full ones."""
    return {found[2]: found[1] for found in SHORT_NAME.finditer(text)} if "简称" in text else {}


@lru_cache(maxsize=10_000)  # the same few things are measured everywhere, and asking for the script is dear
def _plain(printed: str) -> str:
    return NOISE.sub("", narrow(simplify(printed))).lower()


def _own(plain: str, place: str | None) -> str:
    """The name without the place that owns it, with its city before it or not."""
    for prefix in _names_of(place) if place else ():
        if len(plain) > len(prefix) + 1:  # 区 alone is no name
            plain = plain.removeprefix(prefix)
    return SCOPE.sub("", plain) or plain


@cache
def _names_of(place: str) -> tuple[str, ...]:
    """南京市鼓楼区: as it is, its city, 鼓楼区, and each without its ending."""
    city, mark, district = place.partition("市")
    parts = (place, city + mark, district) if district and mark else (place,)
    return tuple(name for part in parts for name in (part, PLACE_ENDING.sub("", part)))
