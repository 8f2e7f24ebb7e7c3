"""Title, day, publisher, author, files and text of small pages, each made for one habit of those who make templates."""

from datetime import UTC, datetime

import pytest

from crawler.reading.page import read_page
from monitor.domain import Article

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEXT = "会议提出，到2027年全市新建中试基地12个，其中新材料方向不少于5个。\n各板块要在6月底前报送首批清单。"
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))


def read(head: str = "", *, body: str = PARAGRAPHS, after: str = "", metas: str = "", **known: str) -> Article:
    """A page whose headline stands over `head`, then the text and what comes after."""
    page = f"<html><head><title>全市新建中试基地-临湖网</title>{metas}</head><body><h1>全市新建中试基地</h1>{head}<div>{body}</div>{after}</body></html>"
    return read_page(page.encode(), now=NOW, **known)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("来源：临湖日报", "临湖日报"),
        ("信息来源： 县林业局　作者：齐山", "县林业局"),
        ("来源：上海发布", "上海发布"),
        ("来源：中国环境保护网", "中国环境保护网"),
        ("稿件来源：《先锋》（思想理论版） 作者：柳同书", "《先锋》（思想理论版）"),
        ("（来源：临湖日报）", "临湖日报"),
        ("来源：<a href='/'>临湖日报</a><a>打印</a><a>收藏</a>", "临湖日报"),
        ("来源：临湖日报浏览次数：33", "临湖日报"),
        ("来源：临湖日报发布时间：2026-03-02", "临湖日报"),
        ("来源：临湖日报 2026-03-02", "临湖日报"),
        ("来源：游戏时光[整理]", "游戏时光[整理]"),
        ("來源：南島新聞", "南島新聞"),
        ("来源： 作者：张三", "临湖网"),
        ("来源：本站", "临湖网"),
        ("来源：网络整理", "临湖网"),
        ("<span>2026-03-02</span> <span>分类：<a href='/c'>产业</a></span>", "临湖网"),
        ("<p>市委常委会专题研究</p><p>2026-03-02</p>", "临湖网"),
        ("<p>2026-03-02</p><p class='author'>临湖日报</p>", "临湖日报"),
        (
            "<table><tr><td>索引号</td><td>K1</td></tr><tr><td>发布机构</td><td>临湖市工信局</td></tr></table>",
            "临湖市工信局",
        ),
        ("2026-03-02 09:10 临湖晚报", "临湖晚报"),
        ("2026-03-02 09:10　记者林文", "临湖网"),
        ("<p>石佳/临湖青年报</p><p>2026-03-02</p>", "临湖青年报"),
        ("<div class='menu'><a href='/'>公开目录</a></div><p>2026-03-02</p>", "临湖网"),
        ("<span class='rich_media_meta'>小湖</span><span class='source'>南湖发布</span>", "南湖发布"),
    ],
)
def test_the_credited_source_is_the_publisher(printed: str, name: str) -> None:
    assert read(f"<p>{printed}</p>").publisher == name


@pytest.mark.parametrize(
    ("metas", "head", "after", "name"),
    [
        ("<meta name='ContentSource' content='临湖日报'>", "", "", "临湖日报"),
        ("<meta name='ContentSource' content='临湖日报'>", "<p>来源：市府办</p>", "", "市府办"),
        ("<meta property='og:site_name' content='临湖发布厅'>", "", "", "临湖发布厅"),
        ("", "", "<p>来源：临湖日报</p><p>责任编辑：何君</p>", "临湖日报"),
        ("", "", "<p>来源：临湖日报</p><p>（本文经临湖日报授权转载）</p>", "临湖日报"),
        ("", "", "<script>var nickname = htmlDecode(\"南湖发布\");</script>", "南湖发布"),
    ],
)  # fmt: skip
def test_metas_tail_and_scripts_name_the_publisher_where_the_head_does_not(
    metas: str, head: str, after: str, name: str
) -> None:
    assert read(head, metas=metas, after=after).publisher == name


@pytest.mark.parametrize(
    ("head", "opening", "end", "author"),
    [
        ("<p>来源：临湖日报 作者：柳同书</p>", "", "", "柳同书"),
        ("", "江海日报讯（记者 陆远 实习生 方晴）近日有会。", "", "陆远"),
        ("", "本报记者 何 君", "", "何 君"),
        ("", "临湖财经记者孙燕无锡报道", "", "孙燕"),
        ("", "临湖财经记者 许闻 张三 北京报道", "", "许闻 张三"),
        ("", "", "（来源：临湖日报/张三）", "张三"),
        ("", "", "（来源：新华社/人民日报）", None),
        ("", "", "（作者：张三、李四）", "张三、李四"),
        ("<p>作者：网络</p>", "", "", None),
        ("<p>责任编辑：何君</p>", "", "", None),
    ],
)
def test_the_author_is_whom_the_page_names_as_writer(head: str, opening: str, end: str, author: str | None) -> None:
    assert read(head, body=f"<p>{opening}</p>{PARAGRAPHS}<p>{end}</p>").author == author


@pytest.mark.parametrize(
    ("head", "metas", "url", "listed", "day"),
    [
        ("<p>发布时间：2026-03-02 09:10</p>", "", None, None, "2026-03-02T09:10:00+08:00"),
        ("<p>2026</p><p>03/02</p><p>09:10</p>", "", None, None, "2026-03-02T09:10:00+08:00"),
        ("<p>截止时间：2026-01-05</p><p>2026-03-02</p>", "", None, None, "2026-03-02"),
        ("<p>2026-03-02</p>", "<meta name='PubDate' content='2026-03-02 09:10:11'>", None, None, "2026-03-02T09:10:11+08:00"),
        ("<p>2026-03-02</p>", "<meta name='PubDate' content='2026-03-09'>", None, None, "2026-03-02"),
        ("", "<meta property='article:published_time' content='2026-03-02T01:10:00Z'>", None, None, "2026-03-02T01:10:00+00:00"),
        ("", "", "https://a.example/art/2026/3/2/art_1_2.html", "2026-03-01", "2026-03-02"),
        ("", "", "https://a.example/202603/t20260302_9.html", None, "2026-03-02"),
        ("", "", "https://a.example/202603/9.html", "2026-03-01", "2026-03-01"),
        ("<p><span>03-02 09:10</span> <span>阅读 33</span></p>", "", None, None, "2026-03-02T09:10:00+08:00"),
        ("<p>12-02</p>", "", None, None, "2025-12-02"),
        ("<p>12-02</p>", "", None, "2024-12-02", "2024-12-02"),
        ("<p><span>02</span><span>2026-03</span></p>", "", None, None, "2026-03-02"),
        ("<p>更新时间：2026-03-09 发布时间：2026-03-02</p>", "", None, None, "2026-03-02"),
        ("<b data-publish-time='1772413800'></b>", "", None, None, "2026-03-02T09:10:00+08:00"),
        ("<script>var info = {publishTime: 1772413800000}</script>", "", None, None, "2026-03-02T09:10:00+08:00"),
        ("<time datetime='2026-03-02T09:10:00+08:00'>近日</time>", "", None, None, "2026-03-02T09:10:00+08:00"),
        ("", "", None, None, None),
        ("<p>发布时间：2027-03-02</p>", "", None, None, None),
    ],
)  # fmt: skip
def test_the_day_is_that_of_publication(
    head: str, metas: str, url: str | None, listed: str | None, day: str | None
) -> None:
    known = {name: value for name, value in (("url", url), ("published", listed)) if value}
    assert read(head, metas=metas, **known).published == day


def test_a_signature_dates_a_document_that_nothing_else_does() -> None:
    article = read(body=PARAGRAPHS + "<p>临湖市人民政府</p><p>二〇二六年三月二日</p>")
    assert article.published == "2026-03-02"
    assert article.text.endswith("二〇二六年三月二日")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<p>责任编辑：何君</p><p>相关阅读</p><p><a href='1.html'>另一篇</a></p>"),
        ("<p>全市新建</p><p>中试基地</p>", ""),
        ("<p>发布时间：2026-03-02 来源：临湖网【字体：大中小】打印分享到：× 微信“扫一扫”，点击右上角按钮，即可将网页分享给好友。</p>", ""),
        ("", "<p>(本文来自临湖新闻，更多资讯请下载客户端)</p>"),
        ("", "<p>编辑 刘晓 校对 李铭</p>"),
        ("<p>点击上方蓝字关注我们</p>", "<p>Powered by Discuz! X3.5</p>"),
        ("<p style='display:none'>给打印机的第二份文字，读者看不到，也不该出现。</p>", ""),
    ],
)  # fmt: skip
def test_what_surrounds_the_text_is_left_out(before: str, after: str) -> None:
    assert read(body=before + PARAGRAPHS + after).text == TEXT


@pytest.mark.parametrize(
    "line", ["大中小企业融通发展", "关注民生实事", "时间：3月12日上午", "无障碍环境建设", "记者：下一步有何打算", "公示时间：5个工作日"]
)  # fmt: skip
def test_a_heading_that_begins_like_a_button_stays(line: str) -> None:
    assert read(body=f"<p>{line}</p>{PARAGRAPHS}<p>{line}</p>{PARAGRAPHS}").text.count(line) == 2


@pytest.mark.parametrize("line", ["主办单位：临湖市工信局", "扫描二维码填报信息", "特别提醒：逾期不再受理。"])
def test_a_notice_goes_on_after_what_elsewhere_ends_a_page(line: str) -> None:
    last = "四、各单位要加强组织领导，把任务落实到人，按季度报送进展。"
    article = read(body=f"{PARAGRAPHS}<p>{line}</p><p>{last}</p>", after="<p>主办：临湖市人民政府</p><p>网站地图</p>")
    assert article.text == f"{TEXT}\n{line}\n{last}"


def test_a_text_in_two_boxes_of_one_kind_is_read_whole() -> None:
    boxes = "".join(f"<div class='nr'><p>{line}</p></div>" for line in TEXT.split("\n"))
    assert read(body=boxes + "<p>上一篇：<a href='1.html'>防火演练</a></p>").text == TEXT


def test_the_first_letter_of_a_board_is_the_text() -> None:
    head = "发信人: bantuan (半团), 信区: Wuxi<br>标  题: 全市新建中试基地<br>发信站: 临湖站 (Mon Mar  2 09:10:00 2026)<br><br>"
    reply = "发信人: luren, 信区: Wuxi<br>发信站: 临湖站<br><br>楼主说得很好，希望以后多发一些这样的文章，我也是园区的人，感受很深。<br>--<br>"
    article = read(
        body=f"<p>{head}{TEXT.replace(chr(10), '<br>')}<br>--<br>※ 来源:·临湖站 bbs.example·</p><p>{reply}</p>"
    )
    assert article.text == TEXT


def test_files_are_found_in_the_text_and_after_the_word_for_attachment() -> None:
    table = "<table><tr><th>附件</th><td><a href='/f/1.docx'>任务表.docx</a></td></tr></table>"
    menu = "<div><a href='/f/guide.pdf'>办事指南</a></div>"
    article = read(
        table, body=PARAGRAPHS + "<p>附件：<a href='2.pdf'></a></p>", after=menu, url="https://a.example/x/1.html"
    )
    assert [(one.url, one.name) for one in article.attachments] == [
        ("https://a.example/x/2.pdf", "2.pdf"),
        ("https://a.example/f/1.docx", "任务表.docx"),
    ]


@pytest.mark.parametrize(
    ("title", "metas", "printed", "listed", "headline"),
    [
        ("全市新建基地-临湖网", "", "<h1>全市新建基地</h1>", None, "全市新建基地"),
        ("临湖网", "<meta name='ArticleTitle' content='全市新建基地'>", "", None, "全市新建基地"),
        ("全市新建“基地”_临湖网", '<meta property="og:title" content="全市新建">', "<h1>全市新建“基地”</h1>", None, "全市新建“基地”"),
        ("临湖网", "", "<p>全市新建一批中试基地</p><p>2026-03-02 来源：市府办</p>", None, "全市新建一批中试基地"),
        ("关于新建基地的通知-临湖网", "", "<h2>关于新建</h2><h2>基地的通知</h2>", None, "关于新建基地的通知"),
        ("全市新建…", "", "", "全市新建一批中试基地", "全市新建一批中试基地"),
        ("", "", "", "全市新建一批中试基地", "全市新建一批中试基地"),
    ],
)  # fmt: skip
def test_the_headline_is_what_the_page_agrees_on(
    title: str, metas: str, printed: str, listed: str | None, headline: str
) -> None:
    page = f"<html><head><title>{title}</title>{metas}</head><body>{printed}<div>{PARAGRAPHS}</div></body></html>"
    assert read_page(page.encode(), title=listed, now=NOW).title == headline
