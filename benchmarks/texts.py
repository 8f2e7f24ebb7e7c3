"""Articles to measure on: those of the replica sites, policy and other news as they come, and what is made of them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle

from monitor.demo.content import ARTICLES, date_article
from monitor.domain import Article

FIGURE = re.compile(r"\d{2}|[十百千万亿][家个元人项]")
# Policy that promises nothing by number or name: every rule looks at it, and none finds a fact.
PROSE = Article(
    title="无锡市委常委会召开会议 研究产业和民生工作",
    region="无锡市",
    published="2026-11-20",
    text="""11月19日，无锡市委常委会召开会议，传达学习上级有关精神，研究部署当前工作。市委主要负责同志主持会议并讲话。
会议指出，今年以来，全市上下迎难而上，经济运行总体平稳，发展质量持续向好。江阴、宜兴和各区结合自身实际，在产业转型中走出了各有特色的路子。
会议强调，要把发展实体经济放在更加突出的位置，坚持创新在全局中的核心地位，推动传统产业与新兴产业相互促进，让企业敢闯敢试、安心经营。
要持续优化营商环境，政务服务要少一些环节、多一些温度。新吴区、滨湖区在一件事一次办上的做法，值得各地各部门认真学习借鉴。
要进一步抓好人工智能、生物医药、集成电路等领域的科技攻关，支持龙头企业与高校院所组建联合团队，把更多成果留在本地转化。
会议要求，有关部门要深入一线听取意见，及时回应企业关切，既帮助企业算好眼前的账，也同企业一道谋划长远的事，切实把好事办好、实事办实。
谈到民生工作，会议认为，群众的获得感要靠一件件小事积累起来。老旧小区的管网、孩子放学后的去处、老人就近吃上的热饭，都要有人管、管到底。
会议还提醒，岁末年初各类风险容易交织叠加，安全生产、社会治安和市场供应一刻也不能放松，值班值守务必严之又严。
会议最后强调，干部要树立正确政绩观，力戒形式主义，少开会、开短会，把时间和精力更多放在解决问题上，以钉钉子精神抓好各项工作落实。""",
)


def articles() -> list[Article]:
    now = datetime.now(UTC)
    dated = [date_article(article, now) for article in ARTICLES]
    return [
        Article(title=one.title, text="\n".join(one.paragraphs), published=one.moment.isoformat(), region="无锡市")
        for one in dated
    ]


def joined(characters: int, has_facts: Callable[[Article], bool]) -> list[Article]:
    """Articles of about this length: a text with facts, then prose without figures, so that facts are about as dense as in
    the reports of papers (some twenty in 2,500 characters; the replicas' articles alone are three times as dense)."""
    told = [article for article in articles() if has_facts(article)]
    plain = cycle(article.text for article in articles() if not has_facts(article) and not FIGURE.search(article.text))
    longer = []
    for article in told:
        text = article.text
        while len(text) < characters:
            text += f"\n{next(plain)}"
        longer.append(replace(article, text=text))
    return longer


def repeated(article: Article, characters: int) -> Article:
    """The article told again until it has about this length: of its kind still, as one joined with another would not be."""
    return replace(article, text="\n".join([article.text] * -(-characters // len(article.text))))
