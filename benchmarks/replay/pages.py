"""A copy as the bytes of a page in GBK, to be read as the crawl reads any page."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from benchmarks.replay.edits import Copy
from crawler.reading.page import read_page
from monitor.domain import Article

PAGE = """<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{title}_{site}</title>
<meta name="keywords" content="产业,政策,新闻"><script>var channel = 12;</script></head>
<body><div class="top"><a href="/">首页</a><a href="/yw/">要闻</a><a href="/zc/">政策</a><a href="/qy/">企业</a><a href="/sp/">视频</a></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/zc/">政策</a> &gt; 正文</div>
<div class="article"><h1>{title}</h1>
<div class="info"><span>发布时间：{day}</span> <span>来源：{publisher}</span> <span>浏览次数：318</span></div>
<div class="content" id="zoom">{body}
<div class="related"><p>相关阅读：</p><ul>{related}</ul></div></div>
<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div></div>
<div class="side"><h3>热门推荐</h3><ul><li><a href="/a/1.html">本周要闻回顾</a></li><li><a href="/a/2.html">周末出行提示</a></li></ul></div>
<div class="foot">{site} 版权所有 未经许可不得转载</div></body></html>"""


def read_as_page(copy: Copy, *, url: str, site: str, shown: datetime, others: Sequence[str]) -> Article:
    """The article that a reader makes of the page in GBK; `others` are titles that it links to below the text."""
    day = shown.strftime("%Y-%m-%d %H:%M")
    body = "\n".join(f"<p>　　{escape(one)}</p>" for one in copy.paragraphs)
    related = "".join(f'<li><a href="/a/{number}.html">{escape(one)}</a></li>' for number, one in enumerate(others))
    page = PAGE.format(
        title=escape(copy.title), site=site, day=day, publisher=copy.publisher, body=body, related=related
    )
    return read_page(page.encode("gb18030"), url=url, content_type="text/html; charset=gb2312", now=shown)
