"""/feeds/...: Atom for feed readers, by theme, by region, or as a subscription has it.

Themes and regions are answered to everybody who reaches the server: they tell what public pages say. The feed of a
subscription has a name that cannot be guessed, which reads and changes nothing.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.digest import Edition
from alerts.feeds import MEDIA_TYPE, Feed, atom, feed_name
from monitor.gazetteer import Divisions
from monitor.seeds import Theme
from monitor.store import Store, delivery
from monitor.store.delivery import Subscription

NAME = "政策观察"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What feeds are made of."""

    store: Store
    edition: Edition
    themes: Sequence[Theme]
    places: Divisions
    address: str | None  # where the world finds the server
    public: bool  # whether themes and regions are answered


def routes(shelf: Shelf) -> list[Route]:
    return [Route(f"/feeds/{kind}/{{name}}.atom", partial(_answer, shelf, find)) for kind, find in KINDS.items()]


def _answer(shelf: Shelf, find: "Find", request: Request) -> Response:
    feed = find(shelf, request.path_params["name"])
    if shelf.address:
        feed = replace(feed, address=f"{shelf.address}/feeds/{feed.key}.atom")
    body = atom(shelf.store, feed, shelf.edition)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def _of_theme(shelf: Shelf, name: str) -> Feed:
    theme = next((theme for theme in shelf.themes if theme.id == name and shelf.public), None)
    if theme is None:
        raise HTTPException(404)
    ids = (theme.id, *(below.id for below in shelf.themes if below.parent == theme.id))
    return Feed(f"theme/{name}", f"{NAME} · {theme.name}", Subscription(email="", themes=ids))


def _of_region(shelf: Shelf, name: str) -> Feed:
    region = shelf.places.region(name) if shelf.public else None
    if region is None:
        raise HTTPException(404)
    return Feed(f"region/{name}", f"{NAME} · {region.name}", Subscription(email="", regions=(region.code,)))


def _of_subscription(shelf: Shelf, name: str) -> Feed:
    with delivery.reading(shelf.store) as session:
        kept = delivery.list_subscriptions(session)
    one = next((one for one in kept if hmac.compare_digest(feed_name(one.token).encode(), name.encode())), None)
    if one is None or one.unsubscribed:
        raise HTTPException(404)
    return Feed(f"subscription/{name}", f"{NAME} · 我的订阅", one)


Find = Callable[[Shelf, str], Feed]
KINDS: Mapping[str, Find] = {"theme": _of_theme, "region": _of_region, "subscription": _of_subscription}
