"""The authors that a page names: in its head, in the text's opening, at its end. Refuses descriptions: names only."""

import re

from crawler.reading.publisher import STOPS
from crawler.reading.surroundings import BREAK, Surroundings

MOST = 5  # names; more are a list of something else
AUTHOR = re.compile(
    r"(?<![\u4e00-\u9fff])(?:作\s?者|撰文|撰稿|文|记者|通讯员)(?:\s?[:：]\s{0,3}|(?<=记者)\s{1,2})([\u4e00-\u9fffA-Za-z·•.、，,/\s]{2,40})"
)
# 本报讯（记者 陆远 实习生 方晴）; 本报记者 许闻 无锡报道; a name of two characters may be set apart: 何 君.
BYLINE = re.compile(
    r"记者\s{1,2}((?:[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]\s[\u4e00-\u9fff])(?:[\s、]{1,2}[\u4e00-\u9fff]{2,4}){0,3}?)(?=(?:\s{1,2}\S{2,6})?\s?(?:[)）]|报道)|\n|$)"
)
# The same without blanks, alone on its line: 某报记者孙燕无锡报道. A place has two characters, or three after a name of three.
RUN_ON = re.compile(r"记者([\u4e00-\u9fff]{2,3})[\u4e00-\u9fff]{2,3}报道(?=\n|$)")
# The writer after the medium: （来源：某报/张三）
CREDITED = re.compile(r"来源\s?[:：][^\n/）)]{2,20}/([\u4e00-\u9fff]{2,4}(?:[ 、][\u4e00-\u9fff]{2,4}){0,3})\s?[)）]")
PERSONS = re.compile(r"[、，,/\s]{1,3}")
PERSON = re.compile(r"[\u4e00-\u9fff]{1,4}(?:[·•.][\u4e00-\u9fff]{1,8}){0,3}|[A-Za-z.]{1,20}|(?:本报|本网)?评论员")
# A medium after the stroke, 新华社/人民日报, is no person either.
NOBODY = re.compile(
    r"(?:报|网|社|台|刊|端|号|局|委|办|发布)$|网络|整理|佚名|未知|不详|本站|管理|编辑|记者|原创|来源|匿名"
)
# Others who helped; whose name follows is no author.
ROLES = re.compile(r"\s{1,2}(?:实习生|见习生|通讯员|摄影|摄像|图|校对|编辑|译)(?=\s|[:：/]|$)")


def read_author(around: Surroundings) -> str | None:
    """Read the names of the authors as printed."""
    above = BREAK.join("\n".join(line.text for line in run) for run in around.head)
    below = "\n".join(line.text for line in around.tail[:3])
    opening = "\n".join(around.body.text.split("\n", 3)[:2])
    ending = f"{around.body.text[-120:]}\n{below}"
    for text in (above, opening[:300], ending):
        found = AUTHOR.search(text)
        if found and (name := _persons(found[1])):
            return name
    found = (
        BYLINE.search(above) or BYLINE.search(opening[:400]) or RUN_ON.search(opening[:400]) or CREDITED.search(ending)
    )
    return _persons(found[1]) if found else None


def _persons(value: str) -> str | None:
    line = value.partition("\n")[0] + " "
    value = ROLES.split(STOPS.split(line, maxsplit=1)[0], maxsplit=1)[0].strip(" \t:：,，、/.")
    words = PERSONS.split(value)
    known = all(PERSON.fullmatch(word) and not NOBODY.search(word) for word in words)
    return value if value and known and len(words) <= MOST else None
