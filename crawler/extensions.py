"""Politeness: AutoThrottle moves the delay between requests to a host, never below what its robots.txt asks for."""

import math
from typing import TYPE_CHECKING

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from crawler.urls import host

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser


class Politeness(AutoThrottle):
    """Scrapy parses Crawl-delay and does not obey it. Where a site asks for one, nothing is taken off it by chance."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._least: dict[str, float] = {}  # seconds by host and port
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    def _robots_parsed(self, robotparser: "RobotParser", request: Request) -> None:
        delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        if delay is None or not math.isfinite(delay) or delay <= self.mindelay:
            return
        name = host(request.url)
        self._least[name] = delay
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[name] = {"delay": delay, "concurrency": 1, "jitter": 0.0}
        if name in downloader.slots:
            slot = downloader.slots[name]
            slot.delay, slot.jitter = delay, 0.0

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        slot.delay = max(slot.delay, self._least.get(host(response.url), 0.0))
