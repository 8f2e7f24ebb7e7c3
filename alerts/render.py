"""Digest -> subject, text, HTML, and the message as bytes. Everything from a page is escaped; only http(s) links stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, make_msgid
from functools import cache
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts import wording
from alerts.addresses import sender_address
from alerts.digest import SECTIONS, Digest, Section, SourceNews, Trouble
from alerts.emphasis import emphasised
from monitor.config import Mail
from monitor.store.pending import Report

ZONE = ZoneInfo("Asia/Shanghai")
TITLES: Mapping[Section, str] = {
    "targets": "新目标",
    "programmes": "新政策与计划",
    "support": "新扶持",
    "revised": "有变化",
}
FEW = 6  # names of sources with one fault that are spelled out


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
    """无锡市：低空经济产业规模600亿元（到2028年底）等5项新目标、2项新政策与计划."""
    if not digest.items:
        return "暂无新内容"
    telling = max(digest.items, key=lambda item: wording.weight(item.fact)).fact
    place = wording.one_line(telling.region_name)
    first = f"{place}：{wording.teaser(telling)}" if place else wording.teaser(telling)
    line = first if len(digest.items) == 1 else f"{first}等{summary(digest)}"
    return line + (f"（{digest.part}/{digest.parts}）" if digest.parts > 1 else "")


def summary(digest: Digest) -> str:
    """5项新目标、2项新政策与计划."""
    return "、".join(f"{count}项{TITLES[section]}" for section in SECTIONS if (count := digest.count(section)))


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
    built["From"] = sender_address(mail.sender)
    built["To"] = digest.recipient
    built["Date"] = format_datetime(digest.built)
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


def trial_message(recipient: str, mail: Mail, now: datetime) -> bytes:
    """A message that shows that mail arrives, and nothing else."""
    message_id = make_msgid(idstring="test", domain=sender_domain(mail))
    words = "收到这封邮件，说明发信设置可用。\nMail from policywatch arrives here.\n"
    return _note("policywatch 测试邮件", words, recipient, mail, message_id, now)


def alert_message(alert: SourceNews, mail: Mail, recipient: str, message_id: str, now: datetime) -> tuple[str, bytes]:
    """Subject and message that tell the operator which sources broke and which are read again."""
    counts = [f"{len(alert.broken)} 个读不到"] if alert.broken else []
    counts += [f"{len(alert.mended)} 个恢复"] if alert.mended else []
    title = "来源告警：" + ("全部来源都读不到，多半是本机网络" if alert.network else "，".join(counts))
    lines = [f"! {fault}" for fault in faults(alert.broken)]
    lines += [f"恢复：{'、'.join(wording.one_line(name) for name in alert.mended)}"] if alert.mended else []
    lines += ["", "policywatch sources list 列出各来源的现状；policywatch sources probe 地址 可逐个检查。"]
    return title, _note(title, "\n".join(lines) + "\n", recipient, mail, message_id, now)


def _note(title: str, words: str, recipient: str, mail: Mail, message_id: str, now: datetime) -> bytes:
    built = EmailMessage(policy=POLICY)
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


def unsubscribe_link(digest: Digest, mail: Mail) -> str | None:
    """The console's page, or a mail to the sender where there is no console; None for a digest without subscription."""
    if digest.token is None:
        return None
    if mail.unsubscribe_url:
        # Whatever else stands in the setting, a header and a link hold ASCII.
        return quote(f"{mail.unsubscribe_url.rstrip('/')}/{digest.token}", safe=":/?#[]@!$&'()*+,;=%~")
    return f"mailto:{sender_address(mail.sender).addr_spec}?subject=unsubscribe%20{digest.token}"


def safe_link(url: str | None) -> str | None:
    """The address when it is http(s), else None: a page may call its links what it likes."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:  # http://[half an address
        return None


def said_by(report: Report) -> str:
    """无锡日报 2026-11-20."""
    return " ".join(part for part in (wording.one_line(report.publisher), (report.published or "")[:10]) if part)


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
        "day": _day(digest.built),
        "faults": faults(digest.troubles),
        "unsubscribe": unsubscribe,
        "wording": wording,
        "safe_link": safe_link,
        "said_by": said_by,
        "emphasised": emphasised,
    }


def _day(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日"


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
