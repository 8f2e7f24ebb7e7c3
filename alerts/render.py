"""Digest -> subject, text, HTML, and the message as bytes. Everything from a page is escaped; only http(s) links stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import cache, partial
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from alerts import wording
from alerts.addresses import sender_address
from alerts.digest import SECTIONS, Digest, Item, Section, SourceNews, Trouble
from alerts.emphasis import emphasised
from alerts.headers import HEADERS
from monitor.config import Mail
from monitor.store.delivery import Language
from monitor.store.pending import Report

ZONE = ZoneInfo("Asia/Shanghai")
TITLES: Mapping[Section, str] = {
    "targets": "新目标",
    "programmes": "新政策与计划",
    "support": "新扶持",
    "revised": "有变化",
    "results": "新进展",
    "contradicted": "说法不一",
}
ENGLISH: Mapping[Section, str] = {
    "targets": "new targets",
    "programmes": "new programmes",
    "support": "new support",
    "revised": "changes",
    "results": "results",
    "contradicted": "contradictions",
}
STANDING = {"官方来源": "official source", "转载，尚未见官方发布": "reposted, no official page seen yet"}
FEW = 6  # names of sources with one fault that are spelled out


def subject(digest: Digest) -> str:
    """无锡市：低空经济产业规模600亿元（到2028年底）等5项新目标、2项新政策与计划."""
    if not digest.items:
        return _subject_of_hits(digest)
    telling = max(digest.items, key=lambda item: wording.weight(item.fact)).fact
    place = wording.one_line(telling.region_name)
    first = f"{place}：{wording.teaser(telling)}" if place else wording.teaser(telling)
    rest = f" and {summary(digest)} in all" if digest.language == "en" else f"等{summary(digest)}"
    line = first if len(digest.items) + len(digest.hits) == 1 else first + rest
    return line + (f"（{digest.part}/{digest.parts}）" if digest.parts > 1 else "")


def _subject_of_hits(digest: Digest) -> str:
    """低空经济周报等3篇相关文章."""
    if not digest.hits:
        return say(digest.language, "暂无新内容", "Nothing new")
    title, many = wording.one_line(digest.hits[0].title), len(digest.hits)
    return title if many == 1 else title + say(digest.language, f"等{many}篇相关文章", f" and {many - 1} more articles")


def summary(digest: Digest) -> str:
    """5项新目标、2项新政策与计划、1篇相关文章; 5 new targets, 2 new programmes, 1 article."""
    counts = [(section, count) for section in SECTIONS if (count := digest.count(section))]
    if digest.language == "en":
        named = [(ENGLISH[section], count) for section, count in counts]
        named += [("other articles", len(digest.hits))] if digest.hits else []
        return ", ".join(f"{count} {words.removesuffix('s') if count == 1 else words}" for words, count in named)
    told = [f"{count}项{TITLES[section]}" for section, count in counts]
    return "、".join([*told, *([f"{len(digest.hits)}篇相关文章"] if digest.hits else [])])


def say(language: Language, chinese: str, english: str) -> str:
    """The words around the facts; these themselves stay Chinese."""
    return english if language == "en" else chinese


def text_part(digest: Digest, unsubscribe: str | None = None) -> str:
    return template("digest.txt").render(_context(digest, unsubscribe)).strip() + "\n"


def html_part(digest: Digest, unsubscribe: str | None = None) -> str:
    html = template("digest.html").render(_context(digest, unsubscribe))
    inlined: str = _inliner().inline(html)
    return inlined


def message(digest: Digest, mail: Mail, message_id: str) -> bytes:
    """The whole message, ready to be handed over and the same bytes each time."""
    ways = ways_out(digest, mail)
    link = ways[0] if ways else None
    built = EmailMessage(policy=HEADERS)
    built["Subject"] = subject(digest)
    built["From"] = sender_address(mail.sender)
    built["To"] = digest.recipient
    built["Date"] = format_datetime(digest.built)
    built["Message-ID"] = message_id
    built["List-Id"] = f"policywatch digest <digest.{sender_domain(mail)}>"
    if link:
        built["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways)
        if link.startswith("https:"):
            built["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    built["Auto-Submitted"] = "auto-generated"
    built["Precedence"] = "bulk"
    built.set_content(text_part(digest, link), cte="base64")
    built.add_alternative(html_part(digest, link), subtype="html", cte="base64")
    built.set_boundary(f"=_{message_id.strip('<>').partition('@')[0]}")
    return built.as_bytes()


def trial_message(recipient: str, mail: Mail, now: datetime) -> bytes:
    """A message that shows that mail arrives, and nothing else."""
    message_id = make_msgid(idstring="test", domain=sender_domain(mail))
    words = "收到这封邮件，说明发信设置可用。\nMail from policywatch arrives here.\n"
    return note("policywatch 测试邮件", words, recipient, mail, message_id, now)


def alert_words(alert: SourceNews) -> tuple[str, str]:
    """Subject and text that tell the operator which sources broke and which are read again."""
    counts = [f"{len(alert.broken)} 个读不到"] if alert.broken else []
    counts += [f"{len(alert.silent)} 个久无新文章"] if alert.silent else []
    counts += [f"{len(alert.mended)} 个恢复"] if alert.mended else []
    title = "来源告警：" + ("全部来源都读不到，多半是本机网络" if alert.network else "，".join(counts))
    lines = [f"! {fault}" for fault in faults((*alert.broken, *alert.silent))]
    lines += [f"恢复：{'、'.join(wording.one_line(name) for name in alert.mended)}"] if alert.mended else []
    lines += ["", "policywatch sources list 列出各来源的现状；policywatch sources probe 地址 可逐个检查。"]
    return title, "\n".join(lines) + "\n"


def note(title: str, words: str, recipient: str, mail: Mail, message_id: str, now: datetime) -> bytes:
    """A mail of plain text that is no digest."""
    built = EmailMessage(policy=HEADERS)
    built["Subject"] = title
    built["From"] = sender_address(mail.sender)
    built["To"] = recipient
    built["Date"] = format_datetime(now)
    built["Message-ID"] = message_id
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(words, cte="base64")
    return built.as_bytes()


def sender_domain(mail: Mail) -> str:
    return sender_address(mail.sender).domain


def ways_out(digest: Digest, mail: Mail) -> tuple[str, ...]:
    """How a reader leaves, the best first: on the page, where it is published, and by mail; none without subscription."""
    if digest.token is None:
        return ()
    by_mail = f"mailto:{sender_address(mail.sender).addr_spec}?subject=unsubscribe%20{digest.token}"
    return (digest.preferences, by_mail) if digest.preferences else (by_mail,)


def safe_link(url: str | None) -> str | None:
    """The address when it is http(s), else None: a page may call its links what it likes."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:  # http://[half an address
        return None


def said_by(report: Report) -> str:
    """无锡日报 2026-11-20."""
    return " ".join(part for part in (wording.one_line(report.publisher), (report.published or "")[:10]) if part)


def seen_first(item: Item) -> str:
    """先见于某论坛 2026-11-20, where a repost told it before the page that is cited."""
    return (
        f"先见于转载：{said_by(item.seen_first) or wording.one_line(item.seen_first.title)}" if item.seen_first else ""
    )


def place_in_file(report: Report) -> str:
    """附件《三年行动方案.pdf》第3页, for a sentence that stands in an attached file; 第3页 where the article is a file itself;
    empty for a sentence of a page."""
    if report.file is None:
        return ""
    name = wording.one_line(report.file.name.rpartition("/")[2])
    return (f"附件《{name}》" if report.file.url != report.url else "") + (f"第{report.page}页" if report.page else "")


def file_link(report: Report) -> str | None:
    """The file's address; a PDF opens at the page."""
    if report.file is None or safe_link(report.file.url) is None:
        return None
    at_page = report.page and urlsplit(report.file.url).path.lower().endswith(".pdf")
    return report.file.url.partition("#")[0] + f"#page={report.page}" if at_page else report.file.url


def faults(troubles: Sequence[Trouble]) -> list[str]:
    """One line for each fault, with the sources that have it: a cut line must not fill a page with one name each."""
    alike: dict[tuple[str, str], list[str]] = {}
    for trouble in troubles:
        since = f"（自{_day(trouble.since)}起）" if trouble.since else ""
        alike.setdefault((wording.one_line(trouble.reason), since), []).append(wording.one_line(trouble.name))
    return [f"{_names(names)}：{reason}{since}" for (reason, since), names in alike.items()]


def _names(names: Sequence[str]) -> str:
    return "、".join(names[:FEW]) + (f"等{len(names)}个来源" if len(names) > FEW else "")


def _context(digest: Digest, unsubscribe: str | None) -> dict[str, object]:
    return {
        "digest": digest,
        "subject": subject(digest),
        "summary": summary(digest),
        "day": _day(digest.built) if digest.language == "zh-CN" else f"{digest.built.astimezone(ZONE):%-d %B %Y}",
        "say": partial(say, digest.language),
        "standing": STANDING,
        "faults": faults(digest.troubles),
        "unsubscribe": unsubscribe,
        "wording": wording,
        "safe_link": safe_link,
        "said_by": said_by,
        "seen_first": seen_first,
        "place_in_file": place_in_file,
        "file_link": file_link,
        "emphasised": emphasised,
    }


def _day(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日"


def template(name: str) -> Template:
    """A template of this package; what goes into .html is escaped."""
    return _templates().get_template(name)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"line": wording.one_line, "bare": wording.bare}
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    # The style sheet stays as well: phones read its @media rules, Outlook the inlined ones.
    return css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
