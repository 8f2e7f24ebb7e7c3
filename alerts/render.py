"""Digest -> subject, text, HTML, and the message as bytes. Everything from a page is escaped; only http(s) links stand."""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts import wording
from alerts.digest import SECTIONS, Digest
from monitor.config import Mail
from monitor.store.delivery import Report

ZONE = ZoneInfo("Asia/Shanghai")
TITLES: Mapping[str, tuple[str, str]] = {
    "revised": ("有变化", "Revised"),
    "targets": ("新目标", "New targets"),
    "programmes": ("新政策与计划", "New programmes"),
    "support": ("新的扶持", "New support"),
}


class LongHeaders(EmailPolicy):
    """The library folds a long List-Unsubscribe into an encoded word, which mail programs cannot read (RFC 2369 has
    plain addresses there); such a header stays on one line, well under RFC 5322's 998 characters."""

    def fold(self, name: str, value: str) -> str:
        if name.lower().startswith("list-"):
            return f"{name}: {value}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower().startswith("list-"):
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


POLICY = LongHeaders(linesep=SMTP.linesep, max_line_length=SMTP.max_line_length)


def subject(digest: Digest) -> str:
    """无锡市等3地：5项新目标、2项新政策（11月24日)."""
    counts = [
        f"{count}项{TITLES[section][0].removeprefix('新的')}"
        for section in SECTIONS
        if (count := digest.count(section))
    ]
    places = list(dict.fromkeys(item.fact.region_name for item in digest.items if item.fact.region_name))
    where = f"{places[0]}等{len(places)}地" if len(places) > 1 else (places[0] if places else "")
    day = digest.due.astimezone(ZONE)
    what = "、".join(counts) or "暂无新内容"
    return f"{where}{'：' if where else ''}{what}（{day.month}月{day.day}日）"


def text_part(digest: Digest, unsubscribe: str | None = None) -> str:
    return _templates().get_template("digest.txt").render(_context(digest, unsubscribe)).strip() + "\n"


def html_part(digest: Digest, unsubscribe: str | None = None) -> str:
    html = _templates().get_template("digest.html").render(_context(digest, unsubscribe))
    inlined: str = _inliner().inline(html)
    return inlined


def message(digest: Digest, mail: Mail, message_id: str) -> bytes:
    """The whole message, ready to be handed over and the same bytes each time."""
    link = unsubscribe_link(digest, mail)
    built = EmailMessage(policy=POLICY)
    built["Subject"] = subject(digest)
    built["From"] = mail.sender
    built["To"] = digest.recipient
    built["Date"] = format_datetime(digest.due)
    built["Message-ID"] = message_id
    built["List-Id"] = f"policywatch digest <digest.{sender_domain(mail)}>"
    if link:
        built["List-Unsubscribe"] = f"<{link}>"
        if link.startswith("https:"):
            built["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    built["Auto-Submitted"] = "auto-generated"
    built["Precedence"] = "bulk"
    built.set_content(text_part(digest, link), cte="base64")
    built.add_alternative(html_part(digest, link), subtype="html", cte="base64")
    built.set_boundary(f"=_{message_id.strip('<>').partition('@')[0]}")
    return built.as_bytes()


def sender_domain(mail: Mail) -> str:
    return parseaddr(mail.sender)[1].partition("@")[2] or "localhost"


def unsubscribe_link(digest: Digest, mail: Mail) -> str | None:
    """The console's page, or a mail to the sender where there is no console; None for a digest without subscription."""
    if digest.token is None:
        return None
    if mail.unsubscribe_url:
        return f"{mail.unsubscribe_url.rstrip('/')}/{digest.token}"
    return f"mailto:{parseaddr(mail.sender)[1]}?subject=unsubscribe%20{digest.token}"


def safe_link(url: str | None) -> str | None:
    """The address when it is http(s), else None: a page may call its links what it likes."""
    return url if url and urlsplit(url).scheme in ("http", "https") else None


def said_by(report: Report) -> str:
    """无锡日报 2026-11-20."""
    return " ".join(part for part in (report.publisher or report.source, (report.published or "")[:10]) if part)


def _context(digest: Digest, unsubscribe: str | None) -> dict[str, object]:
    sections = [(*TITLES[name], groups) for name in SECTIONS if (groups := digest.section(name))]
    return {
        "digest": digest,
        "subject": subject(digest),
        "sections": sections,
        "day": _day(digest.due),
        "unsubscribe": unsubscribe,
        "wording": wording,
        "safe_link": safe_link,
        "said_by": said_by,
        "local_day": _day,
    }


def _day(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日"


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
def _inliner() -> css_inline.CSSInliner:
    # The style sheet stays as well: phones read its @media rules, Outlook the inlined ones.
    return css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
