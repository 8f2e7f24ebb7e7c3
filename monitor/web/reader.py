"""/u/TOKEN: what a reader may do with a subscription, from any of its mails and however old it is.

GET shows and changes nothing, because link scanners open every link; POST acts. A mail program that unsubscribes by itself
posts `List-Unsubscribe=One-Click` (RFC 8058).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from alerts.feeds import feed_name
from alerts.foresight import Foresight, foresee
from alerts.recipients import kind_of, shown
from alerts.sentence import KINDS, Names, sentence, weekdays
from alerts.subscriptions import WEEKDAYS, EverythingError, SubscriptionError, beginning_of
from monitor import assembly
from monitor.store import Store, delivery, preferences
from monitor.store.delivery import Language, Subscription
from monitor.web import pages
from monitor.web.wishes import WEIGHTS, Filter, RefusedError, filter_of, filtered, read_filter, timed

log = logging.getLogger("policywatch.web")
WEEK, MONTH = 7, 30  # days of a pause
MOST_FIELDS = 99  # of a form: each theme, place and kind is one
EVERYTHING = RefusedError(
    "这样几乎什么都会收到：请选主题或地区，或者写一个更少见的词",
    "This would bring nearly everything: choose themes or places, or write a rarer word",
)
ENDED = "已退订，不会再给您发送这份摘要。You are unsubscribed and will get no more of these mails.\n"
Wish = Callable[[Session, Subscription, FormData, datetime], None]


def routes(store: Store, names: Names) -> list[Route]:
    return [Route("/u/{token}", partial(_answer, store, names), methods=["GET", "POST"])]


async def _answer(store: Store, names: Names, request: Request) -> Response:
    if request.method == "POST":
        form = await request.form(max_files=0, max_fields=MOST_FIELDS)
        return await run_in_threadpool(_change, store, names, request, form)
    return await run_in_threadpool(_show, store, names, request)


def _show(  # what a reader wrote stands on the page again, with what is said of it
    store: Store,
    names: Names,
    request: Request,
    *,
    asked: Filter | None = None,
    coming: tuple[Subscription, Foresight] | None = None,
    refused: RefusedError | None = None,
) -> Response:
    """The subscription as it is, with buttons for all that may be done; `coming` is what a look at another filter shows."""
    one = _found(store, request)
    now = assembly.now()
    known: pages.Language | None = "en" if one.language == "en" else None
    language: Language = "en" if pages.language_of(request, known) == "en" else "zh-CN"
    return pages.page(
        request,
        "reader.html",
        status=422 if refused else 200,
        known=known,
        one=one,
        address=_masked(one.email),
        sentence=sentence(one, names, language),
        weekdays=weekdays(one, language),
        week=_in_days(one, now, WEEK),
        month=_in_days(one, now, MONTH),
        done="done" in request.query_params,
        feed=f"../feeds/subscription/{feed_name(one.token)}.atom",
        names=names,
        filter=asked or filter_of(one),
        in_filter=asked is not None,
        kinds=KINDS,
        weights=WEIGHTS,
        day_names=WEEKDAYS if language == "zh-CN" else ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        refused=refused,
        coming=coming and {"sentence": sentence(coming[0], names, language), "fields": filter_of(coming[0])},
        foresight=coming and coming[1],
    )


def _change(store: Store, names: Names, request: Request, form: FormData) -> Response:
    """Do what the form asks for; asked twice, it is done once."""
    one_click = form.get("List-Unsubscribe") == "One-Click"
    asked = "unsubscribe" if one_click else str(form.get("action"))
    one = _found(store, request)
    try:
        if asked in ("look", "filter"):
            return _refilter(store, names, request, form, keep=asked == "filter")
        if asked not in WISHES:
            raise HTTPException(400)
        with delivery.writing(store) as session:
            WISHES[asked](session, one, form, assembly.now())
    except RefusedError as refused:
        return _show(store, names, request, refused=refused)
    except SubscriptionError:
        raise HTTPException(400) from None
    log.info("subscription %d: %s, by its reader", one.id, asked)
    if one_click:
        return PlainTextResponse(ENDED)
    return RedirectResponse(f"?lang={pages.language_of(request)}&done=", 303)


def _refilter(store: Store, names: Names, request: Request, form: FormData, *, keep: bool) -> Response:
    """Show what another filter would bring, or keep it. Raises SubscriptionError for what no form sends."""
    one = _found(store, request)
    asked = read_filter(form, one)
    try:
        wanted = filtered(one, asked, names)
        with delivery.reading(store) as session:
            found = foresee(session, wanted, names.themes, assembly.now())
    except EverythingError:
        return _show(store, names, request, asked=asked, refused=EVERYTHING)
    except RefusedError as refused:
        return _show(store, names, request, asked=asked, refused=refused)
    if not keep:
        return _show(store, names, request, asked=filter_of(wanted), coming=(wanted, found))
    with delivery.writing(store) as session:
        preferences.change(session, one, wanted, assembly.now())
    log.info("subscription %d: filter, by its reader", one.id)
    return RedirectResponse(f"?lang={pages.language_of(request)}&done=", 303)


def _found(store: Store, request: Request) -> Subscription:
    with delivery.reading(store) as session:
        one = delivery.find_subscription(session, request.path_params["token"])
    if one is None:
        raise HTTPException(404)
    return one


def _unsubscribe(session: Session, one: Subscription, _: FormData, now: datetime) -> None:
    preferences.unsubscribe(session, one, now)


def _pause(session: Session, one: Subscription, _: FormData, now: datetime, *, days: int | None = None) -> None:
    preferences.pause(session, one, _in_days(one, now, days) if days else None)


def _resume(session: Session, one: Subscription, _: FormData, now: datetime) -> None:
    preferences.resume(session, one, now)


def _change_rhythm(session: Session, one: Subscription, form: FormData, now: datetime) -> None:
    preferences.change(session, one, timed(one, form), now)


WISHES: Mapping[str, Wish] = {
    "unsubscribe": _unsubscribe,
    "pause-week": partial(_pause, days=WEEK),
    "pause-month": partial(_pause, days=MONTH),
    "pause": _pause,
    "resume": _resume,
    "rhythm": _change_rhythm,
}


def _in_days(one: Subscription, now: datetime, days: int) -> datetime:
    """The beginning of the reader's day after so many days."""
    return beginning_of((now.astimezone(ZoneInfo(one.timezone)) + timedelta(days)).date(), one.timezone)


def _masked(email: str) -> str:
    """r…@example.com: enough for the reader, little for one to whom a mail was forwarded."""
    if kind_of(email) != "mail":
        return shown(email)
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
