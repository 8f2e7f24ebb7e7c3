"""The publisher: the credited 来源 before the account or site that shows the page.

Labels come first, then metas, then what a template calls source, then the bare name beside the date. Refuses blanks,
buttons, sections and addresses: None where nothing names one.
"""

import re
from collections.abc import Iterator, Sequence

from crawler.reading.furniture import is_index_row
from crawler.reading.headline import site_name
from crawler.reading.published import first_stamp
from crawler.reading.surroundings import HOUSE, Runs, Surroundings, document_title, spaced, squeeze
from crawler.reading.tree import SHORT, Line, text_of

LAST_LINES = 5  # of the text, among which a credit may stand
SOURCE_METAS = ("contentsource", "source", "mediaid", "article:source")
SITE_METAS = ("sitename", "og:site_name", "application-name")
# The account of a WeChat article stands only in a script.
NICKNAME = re.compile(r"\bnickname\s?=\s?(?:htmlDecode\()?[\"']([^\"'<>]{1,40})[\"']")
LABEL_SOURCE = re.compile(
    r"(?<![\u4e00-\u9fff])(?:稿件|文章|信息|新闻|内容|本文|资料|消息|转载)?\s?(?:[来來]\s?源|出\s?[处處]|稿\s?源)(?:\s?[:：]\s{0,4}|\s?于\s?[:：]\s{0,4}|\s{1,2})([^\n|｜\t]{1,60})"
)
TAIL_SOURCE = re.compile(r"(?:[来來]源|稿源|出[处處])\s?[:：]\s{0,4}([^\n|｜\t。]{1,60})")
# Where a name ends: a button or a label after a blank or bracket; a label with its colon even without; a date, an address.
# 上海发布, 中国环境保护网 and 悦阅读 are names, so such a word alone ends none.
STOPS = re.compile(
    r"(?:^|[\s(（【\[])(?:(?:责任|責任|本文)?[编編][辑輯]|责编|作者|撰文|[记記]者|发布|发表|更新|公开|时间|日期|字体|字号|浏览|阅读|点击|访问|人气|分享|打印|收藏|评论|我要|查看|关闭|扫|类型|分类|关键|视力|保护|小\s?中|大\s?中|摄影|文号|索引)"
    r"|\s{0,2}(?:(?:责任|本文)?编辑|责编|作者|撰文|记者|摄影|(?:发布|发表|更新|公开)?(?:时间|日期)|发布(?:人|者|单位|机构)|字(?:体|号)(?:大小)?|(?:浏览|阅读|点击|访问)(?:次数|量|数)?|类型|分类|关键[词字]|文号|索引号)\s?[:：(（]"
    r"|【|\[\s?(?:字|大|打|关)|[(（]\s?(?:大|字)|<|\d{4}\s?[-年/.]|/|https?:"
)
BRACKETS = {")": "(", "）": "（", "]": "[", "】": "【", "》": "《", "”": "“"}
ADDITION = re.compile(r"[(（\[]\S{1,8}[)）\]]")  # 游民星空 [整理]
# A writer and the medium beside the date: 石佳/中国青年报
MEDIUM = re.compile(r"[\u4e00-\u9fff、 ]{2,12}/(\S{1,14}(?:[报社网台刊]|杂志|新闻|客户端))")
UNSURE = 6  # characters up to which a name beside the date need not end as one of a house: a longer one is a headline's first line
# What sites call themselves, or nobody, after 来源：the name of the site is then told elsewhere.
NOBODY = re.compile(
    r"本(?:站|网|网站|平台|报|刊|局|中心)(?:讯|原创|编辑|整理|综合)?|原创|(?:互联)?网络(?:整理|综合)?|转载|未知|不详|佚名|其[他它]|无"
)
EDITION = re.compile(r"(?<=[报刊])-?(?:数字(?:报纸?|版)|电子(?:报纸?|版|刊))$")
CLOCK = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?")
SPLIT = re.compile(r"[\s|｜·•/]{1,5}")
HAN = re.compile(r"[\u4e00-\u9fff]{2}")
NOT_IN_NAMES = re.compile(r"[:：，。！？、“”>»《]")
# Words that begin a label, a byline or a button, and the names of sections, which are no publisher's.
NOT_NAMES = re.compile(
    r"(?:首页|更多|登录|注册|分享|收藏|评论|打印|来源|作者|编辑|发布|发表|时间|日期|原创|转载|关注|阅读|浏览|点击|字号|字体|返回|栏目|当前|举报|手机|扫|复制|转发|参与|查看|回复|我要|责任|星期|周[一二三四五六日]|上午|下午|来自|显示|AI|摘要|导读|核心提示|预计|时长|字数|收听|只看|点赞|纠错|第\S{1,3}版|[上下]一[版页期]"
    r"|(?:本报|本報|本网|特约|实习)?(?:[记記]者|通[讯訊][员員]))"
    r"|(?:正文|要闻|新闻|资讯|头条|时政|导航|微信|微博|空间|社会|财经|科技|国内|国际|视频|图片|专题|客户端|本站|网络|中国|跟贴|企鹅号|优质|教育|文化|体育|娱乐|经济|地方|综合|动态|纪检|\S{0,8}时间|\S{0,8}(?:动态|公告|频道|栏目|要闻))$"
)
SOURCE_HINT = re.compile(
    r"(?:^|[\s_-])(?:src|from|ly|origin|js_name|publisher|author(?:-?name)?|account)(?:$|[\s_-])|(?:^|[\s-])media(?:$|[\s-])|source|laiyuan",
    re.IGNORECASE,
)


def read_publisher(around: Surroundings) -> str | None:
    """Name the credited source, else the account or site that published."""
    return (
        _labelled(around.head)
        or next((name for key in SOURCE_METAS if (name := _name(around.metas.get(key, "")))), None)
        or _credited_below(around)
        or _account(around.source)
        or _hinted(around)
        or _beside(around)
        or around.issuer
        or _site(around)
    )


def _labelled(head: Runs) -> str | None:
    return next((name for found in LABEL_SOURCE.finditer(spaced(head)) if (name := _name(found[1]))), None)


def _credited_below(around: Surroundings) -> str | None:
    """Below the text, in its last words, or in a line between them that was left out of it as furniture."""
    ends = around.sheet.lines[max(around.body.first, around.body.last - LAST_LINES) : around.body.last]
    last = "\n".join([*(line.text[-400:] for line in ends), *(line.text for line in around.tail)])
    return next((name for found in TAIL_SOURCE.finditer(last) if (name := _name(found[1]))), None)


def _account(source: str) -> str | None:
    found = NICKNAME.search(source)
    return found[1] if found else None


def _site(around: Surroundings) -> str | None:
    for key in SITE_METAS:
        if key in around.metas:
            return around.metas[key]
    name = site_name(document_title(around.sheet.root), around.title)
    return EDITION.sub("", name) if name and not NOT_NAMES.match(name) else None


def _name(value: str) -> str | None:
    """A publisher's name out of what follows its label; None for blanks, labels and addresses."""
    value = _unwrapped(STOPS.split(value, maxsplit=1)[0])
    words = value.split(" ")
    if len(words) > 1 and HAN.search(words[0]):
        value = _unwrapped(words[0] + (words[1] if ADDITION.fullmatch(words[1]) else ""))
    if NOBODY.fullmatch(value) or value.isdigit() or not re.search(r"\w", value):
        return None
    return value if 2 <= len(value) <= 40 else None


def _unwrapped(value: str) -> str:
    """A name without the marks around it; brackets that are its own stay: 《先锋》（理论版）."""
    value = value.strip(" \t:：,，;；。-—|\u3000")
    while value and value[-1] in BRACKETS and value.count(value[-1]) > value.count(BRACKETS[value[-1]]):
        value = value[:-1].rstrip()
    while value and value[0] in BRACKETS.values() and value[0] not in [BRACKETS.get(mark) for mark in value]:
        value = value[1:].lstrip()
    if len(value) > 2 and value[0] in "(（[" and BRACKETS.get(value[-1]) == value[0] and value.count(value[0]) == 1:
        value = value[1:-1]
    return value.strip()


def _hinted(around: Surroundings) -> str | None:
    """The short text of an element that the template calls source, above the text."""
    for element in around.sheet.root.iter("span", "a", "p", "div", "em", "strong", "li", "td"):
        if element is around.body.block.element:
            return None
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if len(names) > 1 and len(element) <= 3 and (hint := SOURCE_HINT.search(names[:200])):
            name = _bare(text_of(element))
            by_author = hint[0].strip("-_ ").lower() == "author"  # mostly a person; alone in its element a medium
            if name and (not by_author or (HOUSE.search(name) and len(element) <= 1)):
                return name
    return None


def _bare(text: str) -> str | None:
    """A name that is all an element says, its label cut."""
    if len(text) > 30 or CLOCK.search(text) or not HAN.search(text):
        return None
    name = _name(re.sub(r"^\S{0,4}来源\s?[:：]", "", text))
    return name if name and not NOT_NAMES.match(name) else None


def _beside(around: Surroundings) -> str | None:
    """The bare name that stands beside the date: after it, on the same line before it, or on the line above."""
    runs = ("\n".join(_pieces(run)) for run in around.head)
    text, dated = next(((text, found) for text in runs if (found := first_stamp(text, around.now))), ("", None))
    if dated is None:
        return None
    after = text[dated.end : dated.end + 60].split("\n")[:5]
    before = text[max(0, dated.start - 40) : dated.start].split("\n")[-2:]
    for name in _bare_names([*after, *reversed(before)]):
        if not around.title or squeeze(name) not in squeeze(around.title):
            return name
    return None


def _pieces(run: Sequence[Line]) -> Iterator[str]:
    """The elements of a run's lines one by one; menus name sections, an index table its labels."""
    for line in run:
        if line.hidden or is_index_row(line.text) or (line.noise and line.links * 2 > len(line.text)):
            continue
        yield from line.pieces or (line.text[:SHORT],)


def _bare_names(near: list[str]) -> Iterator[str]:
    labelled = False  # what follows 分类： is a section
    for line in near:
        if written := MEDIUM.fullmatch(line.strip()):
            yield written[1]
            continue
        for word in SPLIT.split(CLOCK.sub(" ", line)):
            name = _unwrapped(word.strip(":：,，-—"))
            bare = ADDITION.sub("", name)
            sure = len(bare) <= UNSURE or HOUSE.search(bare)
            if sure and _is_name(name) and not labelled and not word.endswith((":", "：")):
                yield name
            labelled = word.endswith((":", "：")) if word else labelled


def _is_name(word: str) -> bool:
    is_short = 2 <= len(word) <= 20 and HAN.search(word) is not None
    return is_short and not NOT_NAMES.match(word) and not NOT_IN_NAMES.search(word)
