"""Templates become pages: in the reader's language, with the style sheet inside, and nothing fetched from anywhere."""

import base64
import hashlib
from datetime import datetime
from functools import cache, partial
from typing import Literal
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

Language = Literal["zh", "en"]


def page(
    request: Request, template: str, *, status: int = 200, known: Language | None = None, **values: object
) -> HTMLResponse:
    """A page of that name in `templates/`; `known` is the language that its reader has asked for."""
    language = language_of(request, known)
    context = {"language": language, "say": partial(_say, language), "day": partial(_day, language), "status": status}
    return HTMLResponse(_templates().get_template(template).render(context | values), status)


def language_of(request: Request, known: Language | None = None) -> Language:
    """What the address asks for, else what is known, else what the browser prefers; Chinese where none says English."""
    asked = request.query_params.get("lang") or known or _preferred(request.headers.get("accept-language", ""))
    return "en" if asked == "en" else "zh"


@cache
def headers() -> tuple[tuple[bytes, bytes], ...]:
    """Of every answer: nothing runs, nothing is fetched, framed, kept or told to other sites."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return (
        (b"content-security-policy", policy.encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-robots-tag", b"noindex, nofollow"),
    )


def _preferred(accepted: str) -> str:
    """zh-CN,zh;q=0.9,en;q=0.8 -> zh. The first of the languages there are, by weight and then by order."""
    weighed: list[tuple[float, str]] = []
    for one in accepted.split(","):
        name, _, weight = one.partition(";q=")
        code = name.strip().lower().partition("-")[0]
        if code in ("zh", "en"):
            weighed.append((float(weight) if weight.replace(".", "", 1).isdecimal() else 1.0, code))
    return max(weighed, key=lambda one: one[0])[1] if weighed else "zh"


def _say(language: Language, chinese: str, english: str) -> str:
    return english if language == "en" else chinese


def _day(language: Language, moment: datetime, timezone: str, *, year: bool = True) -> str:
    """2026年12月1日, 1 December 2026."""
    local = moment.astimezone(ZoneInfo(timezone))
    if language == "en":
        return f"{local.day} {local:%B}" + (f" {local.year}" if year else "")
    return (f"{local.year}年" if year else "") + f"{local.month}月{local.day}日"


@cache
def _style() -> str:
    return _templates().get_template("style.css").render()


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.web"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = _style
    return environment
