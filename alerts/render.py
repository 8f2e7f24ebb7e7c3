"""Digest -> subject, text, HTML, and the message as bytes. Everything from a page is escaped; only http(s) links stand."""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import cache, partial
from importlib.resources import files
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, FunctionLoader, PackageLoader, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from alerts import wording, wording_english
from alerts.addresses import ascii_address, sender_address
from alerts.digest import SECTIONS, Digest, Section, SourceNews, Trouble
from alerts.headers import HEADERS
from alerts.render_bytes import assembled
from alerts.render_view import GroupView, charts_of, group_views, hit_views, say, words_of
from monitor.config import Mail
from monitor.store.delivery import Language

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
SPAN = re.compile("[0-9]{4}年?[—–-]{1,2}[0-9]{2,4}年?")  # of years
FEW = 6  # names of sources with one fault that are spelled out
TITLE = 60  # characters of an article's title in a subject line
FEW_KINDS = 2  # that a subject line counts one by one


def subject(digest: Digest) -> str:
    """无锡市：低空经济产业规模600亿元（到2028年底）等5项新目标、2项新政策与计划."""
    if not digest.items:
        return _subject_of_hits(digest)
    telling = max(digest.items, key=lambda item: wording.weight(item.fact))
    place, teaser = wording.one_line(telling.fact.region_name), words_of(digest.language).teaser(telling.fact)
    alone = len(digest.items) + len(digest.hits) == 1
    if digest.language == "en":
        named = ", ".join(part for part in (wording.one_line(telling.theme), place) if part)
        line = ": ".join(part for part in (named, teaser) if part) + ("" if alone else f" ({_many(digest)})")
        return line + (f" ({digest.part}/{digest.parts})" if digest.parts > 1 else "")
    line = (f"{place}：{teaser}" if place else teaser) + ("" if alone else f"等{_many(digest)}")
    return line + (f"（{digest.part}/{digest.parts}）" if digest.parts > 1 else "")


def _subject_of_hits(digest: Digest) -> str:
    """低空经济周报等3篇相关文章."""
    if not digest.hits:
        return say(digest.language, "暂无新内容", "Nothing new")
    title, many = wording.one_line(digest.hits[0].title), len(digest.hits)
    title = title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
    return title if many == 1 else title + say(digest.language, f"等{many}篇相关文章", f" and {many - 1} more articles")


def _many(digest: Digest) -> str:
    """What a subject line says of all there is: 5项新目标、2项新政策与计划, or just 33项 where there is something of everything."""
    if _kinds(digest) <= FEW_KINDS:
        return summary(digest)
    total = len(digest.items) + len(digest.hits)
    return say(digest.language, f"{total}项", f"{total} items")


def _kinds(digest: Digest) -> int:
    return len({item.section for item in digest.items}) + bool(digest.hits)


def summary(digest: Digest) -> str:
    """5项新目标、2项新政策与计划、1篇相关文章; 5 new targets, 2 new programmes, 1 article."""
    found = Counter(item.section for item in digest.items)
    counts = [(section, found[section]) for section in SECTIONS if section in found]
    if digest.language == "en":
        named = [(ENGLISH[section], count) for section, count in counts]
        named += [("other articles", len(digest.hits))] if digest.hits else []
        return ", ".join(f"{count} {words.removesuffix('s') if count == 1 else words}" for words, count in named)
    told = [f"{count}项{TITLES[section]}" for section, count in counts]
    return "、".join([*told, *([f"{len(digest.hits)}篇相关文章"] if digest.hits else [])])


def text_part(digest: Digest, unsubscribe: str | None = None) -> str:
    return _text(_context(digest, unsubscribe, group_views(digest)))


def html_part(digest: Digest, unsubscribe: str | None = None) -> str:
    """As it stands in a message; pictures are named and come beside it."""
    return _html(_context(digest, unsubscribe, group_views(digest)))


def page(digest: Digest) -> str:
    """The HTML part with its pictures inside, to be looked at without a mail program."""
    groups = group_views(digest)
    html = _html(_context(digest, digest.preferences, groups))
    for chart in charts_of(groups):
        html = html.replace(f"cid:{chart.name}", f"data:image/png;base64,{b64encode(chart.png).decode()}")
    return html


def message(digest: Digest, mail: Mail, message_id: str) -> bytes:
    """The whole message, ready to be handed over and the same bytes each time."""
    ways = ways_out(digest, mail)
    link = ways[0] if ways else None
    built = EmailMessage(policy=HEADERS)
    built["Subject"] = subject(digest)
    built["From"] = sender_address(mail.sender)
    built["To"] = _written_to(digest.recipient)
    built["Date"] = format_datetime(digest.built)
    built["Message-ID"] = message_id
    built["List-Id"] = f"policywatch digest <digest.{sender_domain(mail)}>"
    if link:
        built["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways)
        if link.startswith("https:"):
            built["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    built["Auto-Submitted"] = "auto-generated"
    built["Precedence"] = "bulk"
    groups = group_views(digest)
    context = _context(digest, link, groups)
    return assembled(built, _text(context), _html(context), charts_of(groups))


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
    built["To"] = _written_to(recipient)
    built["Date"] = format_datetime(now)
    built["Message-ID"] = message_id
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(words, cte="base64")
    return built.as_bytes()


def _written_to(recipient: str) -> str:
    try:
        return ascii_address(recipient)
    except UnicodeError:  # no domain: who sends it says so, for this reader only
        return recipient


def sender_domain(mail: Mail) -> str:
    return sender_address(mail.sender).domain


def ways_out(digest: Digest, mail: Mail) -> tuple[str, ...]:
    """How a reader leaves, the best first: on the page, where it is published, and by mail; none without subscription."""
    if digest.token is None:
        return ()
    by_mail = f"mailto:{sender_address(mail.sender).addr_spec}?subject=unsubscribe%20{digest.token}"
    return (digest.preferences, by_mail) if digest.preferences else (by_mail,)


def faults(troubles: Sequence[Trouble], language: Language = "zh-CN") -> list[str]:
    """One line for each fault, with the sources that have it: a cut line must not fill a page with one name each."""
    alike: dict[tuple[str, str], list[str]] = {}
    for trouble in troubles:
        alike.setdefault((wording.one_line(trouble.reason), _since(trouble, language)), []).append(
            wording.one_line(trouble.name)
        )
    colon = say(language, "：", ": ")
    return [f"{_names(names, language)}{colon}{reason}{since}" for (reason, since), names in alike.items()]


def _since(trouble: Trouble, language: Language) -> str:
    if trouble.since is None:
        return ""
    day = _day(trouble.since, language)
    return say(language, f"（自{day}起）", f" (since {day})")


def _names(names: Sequence[str], language: Language) -> str:
    more = say(language, f"等{len(names)}个来源", f" and others, {len(names)} sources in all")
    return say(language, "、", ", ").join(names[:FEW]) + (more if len(names) > FEW else "")


def _context(digest: Digest, unsubscribe: str | None, groups: Sequence[GroupView]) -> dict[str, object]:
    return {
        "digest": digest,
        "subject": subject(digest),
        "summary": summary(digest),
        "summed_up": _kinds(digest) > FEW_KINDS,  # in the subject line
        "day": _day(digest.built, digest.language),
        "say": partial(say, digest.language),
        "groups": groups,
        "hits": hit_views(digest.hits),
        "faults": faults(digest.troubles, digest.language),
        "unsubscribe": unsubscribe,
    }


def _day(moment: datetime, language: Language) -> str:
    local = moment.astimezone(ZONE)
    if language == "en":
        return f"{local.day} {wording_english.MONTHS[local.month - 1]} {local.year}"
    return f"{local.year}年{local.month}月{local.day}日"


def _text(context: Mapping[str, object]) -> str:
    return template("digest.txt").render(context).strip() + "\n"


def _html(context: Mapping[str, object]) -> str:
    return _mail_template().render(context)


def template(name: str) -> Template:
    """A template of this package; what goes into .html is escaped."""
    return _templates().get_template(name)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("alerts"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _mail_template() -> Template:
    """The HTML of a digest, its styles put into the elements once and not for each message; its tags are comments for HTML."""
    environment = _templates().overlay(
        loader=FunctionLoader(_inlined), block_start_string="<!--%", block_end_string="%-->"
    )
    environment.filters["unbroken"] = _unbroken
    return environment.get_template("digest.html")


def _unbroken(text: str) -> Markup:
    """Escaped, and with 2026—2028年 kept together: browsers begin a line with the dash."""
    return Markup(SPAN.sub(r'<span style="white-space: nowrap">\g<0></span>', str(escape(text))))  # noqa: S704  # as escaped


def _inlined(name: str) -> str:
    source = (files("alerts.templates") / name).read_text(encoding="utf-8")
    # Only @media rules stay in the style sheet, for phones and for dark mode; Outlook reads none but the inlined ones.
    inliner = css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
    inlined: str = inliner.inline(source)
    return inlined
