"""How the crawler behaves towards the sites it reads: values only, and what the user's settings change in them.

Scrapy runs on asyncio without a Twisted reactor, so that a process may crawl more than once.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from monitor.config import Crawl

BOT_NAME = "policywatch"
SPIDER_MODULES = ["crawler.spiders"]
TWISTED_REACTOR_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawler.guard.GuardedDownloadHandler",
    "https": "crawler.guard.GuardedDownloadHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}

# Politeness. `ROBOTSTXT_OBEY` is Scrapy's own switch for its own middleware, which takes an unreachable robots.txt
# for a permission and parses error pages; ours stands in its place and cannot be switched off.
ROBOTSTXT_USER_AGENT = BOT_NAME
CONCURRENT_REQUESTS_PER_DOMAIN = 1
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
COOKIES_ENABLED = False
REFERER_ENABLED = True
HTTPPROXY_ENABLED = False  # a proxy would connect where guard.py cannot look

SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # the newest articles are handed over first

# Bounds.
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 10  # seconds; slower ones are meant for readers
RETRY_TIMES = 1
RETRY_HTTP_CODES = [500, 502, 503, 504, 408]  # not 429: whoever asks us to slow down is not asked again at once
# What our downloader raises; Scrapy's own list names Twisted's faults too, and loading those takes a third of a second.
RETRY_EXCEPTIONS = [
    f"scrapy.exceptions.{name}"
    for name in (
        "CannotResolveHostError",
        "DownloadConnectionRefusedError",
        "DownloadFailedError",
        "DownloadTimeoutError",
        "ResponseDataLossError",
    )
]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the issue line says it
URLLENGTH_LIMIT = 2083

# Every answer reaches the spider: gates.py judges it.
HTTPERROR_ALLOW_ALL = True

# Ports that run code have no place in a service.
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
MEMUSAGE_ENABLED = False  # the service bounds the process
LOGSTATS_INTERVAL = 0
STATS_DUMP = False
LOG_ENABLED = False  # no handler of Scrapy's own: the program's logging is used

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.Doorway": 20,
    "crawler.browser.Browser": 50,  # what all others have made of an answer is what it draws
    "crawler.middlewares.Robots": 100,
    "crawler.middlewares.Gates": 540,  # after decompression, before retrying
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # lists may link to other hosts
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
EXTENSIONS = {"scrapy.extensions.throttle.AutoThrottle": None, "crawler.extensions.Politeness": 0}
ITEM_PIPELINES = {"crawler.pipelines.Ingest": 300}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}


def user_agent(contact: str = "") -> str:
    """Who asks, and where to complain."""
    try:
        number = version("policywatch")
    except PackageNotFoundError:
        number = "0"
    return f"policywatch/{number} (+{contact})" if contact else f"policywatch/{number}"


def from_user(crawl: Crawl) -> dict[str, Any]:
    """The values above as the user's settings change them."""
    return {
        "USER_AGENT": user_agent(crawl.contact),
        "DOWNLOAD_DELAY": crawl.delay,
        "AUTOTHROTTLE_START_DELAY": crawl.delay,
        "CONCURRENT_REQUESTS": crawl.concurrency,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_page,
        "GUARD_ALLOW_PRIVATE": list(crawl.allow_private),
        "BROWSER_TIMEOUT": crawl.browser_timeout,
    }
